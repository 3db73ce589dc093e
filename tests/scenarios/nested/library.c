/* The library in C's own forms. Adapters make the symbols of the system ABI of these. */
#define NAMED_AS(name) impl_##name
#include "terms.h"

static pair *find(pair_list map, text key)
{
    for (size_t i = 0; i < map.len; i++)
        if (map.ptr[i].key.len == key.len && memcmp(map.ptr[i].key.ptr, key.ptr, key.len) == 0)
            return &map.ptr[i];
    return NULL;
}

static void add_all(pair_list *map, const pair *from, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        pair *known = find(*map, from[i].key);
        if (known)
            known->value += from[i].value;
        else
            map->ptr[map->len++] = (pair){copy_of(from[i].key.ptr, from[i].key.len), from[i].value};
    }
}

pair_list impl_merge(pair *a, size_t a_len, pair *b, size_t b_len)
{
    pair_list map = {must(malloc((a_len + b_len + 1) * sizeof(pair))), 0};
    add_all(&map, a, a_len);
    add_all(&map, b, b_len);
    return map;
}

int64_t impl_apply(maybe_stages stages, int64_t x)
{
    for (size_t i = 0; stages.has && i < stages.value.len; i++) {
        const stage *s = &stages.value.ptr[i];
        x = s->run.code(x, s->run.env) * (s->weight.has ? s->weight.value : 1);
        if (s->name.len == 5 && memcmp(s->name.ptr, "bonus", 5) == 0)
            x += 1000;
    }
    return stages.has ? x : -1;
}

/* What stands behind the first word, if that is `word`; else NULL. */
static const char *behind(const char *of, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(of, word, len) != 0 || (of[len] != ' ' && of[len] != '\0'))
        return NULL;
    return of + len + (of[len] == ' ');
}

static bool read_shape(const char *of, shape *made)
{
    const char *rest;
    *made = (shape){.tag = NOTHING};
    if ((rest = behind(of, "circle"))) {
        *made = (shape){.tag = CIRCLE, .payload.circle = strtod(rest, NULL)};
    } else if ((rest = behind(of, "polygon"))) {
        size_t count = strtoul(rest, NULL, 10);
        point *points = must(malloc((count + 1) * sizeof *points));
        for (size_t i = 0; i < count; i++)
            points[i] = (point){(double)i, (double)(i * i)};
        *made = (shape){.tag = POLYGON, .payload.polygon = {points, count}};
    } else if ((rest = behind(of, "named"))) {
        *made = (shape){.tag = NAMED, .payload.named = copy_of(rest, strlen(rest))};
    } else {
        return *of == '\0';
    }
    return true;
}

parsed impl_parse(char *of, size_t of_len)
{
    text whole = copy_of(of, of_len);
    const char *rest;
    parsed made = {0};
    if (!read_shape(whole.ptr, &made.payload.ok)) {
        fault *f = &made.payload.err;
        made.tag = 1;
        if ((rest = behind(whole.ptr, "number"))) {
            *f = (fault){.tag = NUMBER, .payload.number = (int32_t)strtol(rest, NULL, 10)};
        } else if ((rest = behind(whole.ptr, "near"))) {
            f->tag = NEAR;
            read_shape(rest, &f->payload.near);
        } else {
            char said[200];
            int len = snprintf(said, sizeof said, "cannot read: %s", whole.ptr);
            *f = (fault){.tag = TEXT, .payload.text = copy_of(said, (size_t)len)};
        }
    }
    free(whole.ptr);
    return made;
}

bool impl_split(char *of, size_t of_len, uint32_t at, text *head, text *tail, maybe_place *places)
{
    const char *found =
        at < 0x80 ? memchr(of, (int)at, of_len) : NULL; /* others are not asked for */
    size_t first = found ? (size_t)(found - of) : of_len;
    *head = copy_of(of, first);
    *tail = found ? copy_of(found + 1, of_len - first - 1) : copy_of("", 0);
    *places = (maybe_place){found != NULL, first};
    return found != NULL;
}

int64_t impl_sum(pairs of, uint32_t most)
{
    int64_t sum = 0;
    for (maybe_pair p; most-- && (p = of.table->next(of.data)).has; free(p.value.key.ptr))
        sum += p.value.value;
    return sum + 1000 * (int64_t)of.table->left(of.data);
}

pairs impl_range(int64_t first, int64_t last)
{
    return new_numbers('n', first, last);
}

pair_list impl_take(pairs of)
{
    pair_list all = {must(malloc((of.table->left(of.data) + 1) * sizeof(pair))), 0};
    for (maybe_pair p; (p = of.table->next(of.data)).has;)
        all.ptr[all.len++] = p.value;
    of.table->drop(of.data);
    return all;
}
