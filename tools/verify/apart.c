/* Toolchains asked in processes of their own, several at a time: whatever happens to one, the others are asked. */
#include "agenda.h"
#include "cli.h"
#include "process.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CHILDREN = 64 };
/* What ends for lack of time may tell what it found. */
static const double grace_seconds = 30;

struct child {
    pid_t process;
    int descriptor; /* -1: there is no child */
    size_t number;  /* of the run */
    double end_seconds;
    bool is_late, is_interrupted;
};

struct crew {
    struct agenda *agenda;
    const struct verify_options *options;
    struct child children[MAX_CHILDREN];
    unsigned size, busy;
    size_t next; /* run */
};

/* A toolchain that is asked by an emulator on a busy machine takes some seconds for a hundred signatures. */
static double most_seconds(const struct verify_options *options)
{
    return 600 + 0.3 * (double)options->count;
}

/* --- in the child --- */

struct listener {
    int descriptor;
};

static void pass_on(void *user, const struct outcome *outcome)
{
    const struct listener *listener = user;
    outcome_send(outcome, listener->descriptor);
}

/* A folder that is named after what is asked, and has nothing in its name that a path would mind. */
static const char *folder_name(const struct verify_run *run, size_t number)
{
    char *name = cli_alloc(strlen(run->title) + strlen(run->compiler) + 32, 1);
    sprintf(name, "%zu-%s-%s", number, run->title, run->compiler);
    for (char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-.", *c))
            *c = '-';
    return name;
}

static _Noreturn void be_child(const struct crew *crew, size_t number, int descriptor)
{
    struct verify_options options = *crew->options;
    struct listener listener = {descriptor};
    const struct verify_run *run = &crew->agenda->runs[number];
    struct outcome outcome;
    attempt_nothing();
    options.directory = make_workplace_part(folder_name(run, number));
    options.jobs = 1;
    options.progress = false;
    options.told = pass_on;
    options.user = &listener;
    verify_run(&options, run, &outcome);
    _exit(0);
}

/* --- in the parent --- */

static void start_child(struct crew *crew, struct child *child)
{
    int ends[2];
    size_t number = crew->next++;
    if (pipe(ends) != 0)
        die("cannot make a pipe: %s", strerror(errno));
    fflush(NULL);
    pid_t process = fork();
    if (process < 0)
        die("cannot start a process: %s", strerror(errno));
    if (process == 0) {
        close(ends[0]);
        fcntl(ends[1], F_SETFD, FD_CLOEXEC); /* or what it starts would keep it open */
        be_child(crew, number, ends[1]);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    *child = (struct child){.process = process,
                            .descriptor = ends[0],
                            .number = number,
                            .end_seconds = seconds_now() + most_seconds(crew->options)};
    crew->busy++;
}

/* Why a child ended that did not say so itself; NULL: it did all that it had to do. */
static const char *reason_of(const struct child *child, int status)
{
    if (child->is_late)
        return "it took too long";
    if (child->is_interrupted)
        return "interrupted";
    if (WIFSIGNALED(status))
        return cli_printf("the process that asks it was ended by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status) ? "the process that asks it ended early" : NULL;
}

static void end_child(struct crew *crew, struct child *child)
{
    struct agenda *agenda = crew->agenda;
    struct outcome *outcome = &agenda->outcomes[child->number];
    int status = 0;
    close(child->descriptor);
    while (waitpid(child->process, &status, 0) < 0 && errno == EINTR)
        ;
    const char *reason = reason_of(child, status);
    if (reason && (!outcome->broken || child->is_late))
        outcome->broken = reason;
    for (size_t i = 0; i < outcome->thunk_count; i++) /* it may have begun, and no more */
        if (!outcome->thunks[i].where)
            outcome->thunks[i].where = "";
    agenda->is_done[child->number] = true;
    agenda->done_count++;
    child->descriptor = -1;
    crew->busy--;
}

/* First it is asked to end, which tells what it has found; then it is ended. */
static void hurry(struct child *child)
{
    double now = seconds_now();
    if (child->descriptor < 0)
        return;
    bool must_end = (is_interrupted() && !child->is_interrupted) || now > child->end_seconds;
    if (!must_end)
        return;
    bool was_asked = child->is_late || child->is_interrupted;
    child->is_late = child->is_late || !is_interrupted();
    child->is_interrupted = child->is_interrupted || is_interrupted();
    child->end_seconds = now + grace_seconds;
    kill(child->process, was_asked ? SIGKILL : SIGTERM);
}

static void show_progress(const struct crew *crew)
{
    const struct agenda *agenda = crew->agenda;
    if (!crew->options->progress)
        return;
    fprintf(stderr, "\r[%zu of %zu]", agenda->done_count, agenda->count);
    for (unsigned i = 0; i < crew->size; i++) {
        const struct child *child = &crew->children[i];
        if (child->descriptor >= 0)
            fprintf(stderr, " %s %s: %lu;", agenda->runs[child->number].title,
                    agenda->runs[child->number].compiler,
                    agenda->outcomes[child->number].tally.signatures);
    }
    fprintf(stderr, "\033[K");
}

static void clear_progress(const struct crew *crew)
{
    if (crew->options->progress)
        fprintf(stderr, "\r\033[K");
}

/* Waits until a child tells something, or a second is over; polls[i] is of child i. */
static void wait_for_children(struct crew *crew, struct pollfd *polls)
{
    for (unsigned i = 0; i < crew->size; i++)
        polls[i] = (struct pollfd){.fd = crew->children[i].descriptor, .events = POLLIN};
    show_progress(crew);
    if (poll(polls, crew->size, 1000) < 0)
        for (unsigned i = 0; i < crew->size; i++)
            polls[i].revents = 0;
    for (unsigned i = 0; i < crew->size; i++)
        hurry(&crew->children[i]);
}

bool agenda_run_apart(struct agenda *agenda, const struct verify_options *options,
                      agenda_told *told, void *user)
{
    struct crew crew = {.agenda = agenda,
                        .options = options,
                        .size = options->jobs < MAX_CHILDREN ? options->jobs : MAX_CHILDREN};
    struct pollfd polls[MAX_CHILDREN];
    bool is_told = true;
    agenda_start(agenda);
    for (unsigned i = 0; i < crew.size; i++)
        crew.children[i].descriptor = -1;
    while (crew.busy > 0 || (crew.next < agenda->count && is_told && !is_interrupted())) {
        for (unsigned i = 0; i < crew.size && is_told && !is_interrupted(); i++)
            if (crew.children[i].descriptor < 0 && crew.next < agenda->count)
                start_child(&crew, &crew.children[i]);
        wait_for_children(&crew, polls);
        for (unsigned i = 0; i < crew.size; i++) {
            struct child *child = &crew.children[i];
            if (child->descriptor < 0 || polls[i].revents == 0 ||
                outcome_receive(&agenda->outcomes[child->number], child->descriptor))
                continue;
            end_child(&crew, child);
            clear_progress(&crew);
            is_told = told(user, child->number) && is_told;
        }
    }
    return is_told;
}
