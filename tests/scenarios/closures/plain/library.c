/* Calls a function that knows nothing but what it is told. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

uint32_t each_line(const char *text, bool (*visit)(const char *line));

uint32_t each_line(const char *text, bool (*visit)(const char *line))
{
    uint32_t count = 0;
    for (const char *end; *text; text = *end ? end + 1 : end) {
        char line[80] = {0};
        end = strchr(text, '\n') ? strchr(text, '\n') : text + strlen(text);
        if (end - text >= (long)sizeof line)
            abort();
        memcpy(line, text, (size_t)(end - text));
        count++;
        if (!visit(line))
            break;
    }
    return count;
}
