/* System calls by thunks (sys_), beside those of the C library. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int sys_getpid(void);
ssize_t sys_write(int fd, const void *data, size_t count);
int sys_openat(int folder, const char *path, int flags, unsigned mode);
int sys_close(int fd);
int sys_raw_close(int fd);
ssize_t sys_splice(int from, int64_t *from_at, int to, int64_t *to_at, size_t count,
                   unsigned flags);
void *sys_mmap(void *address, size_t size, int access, int flags, int fd, long at);
void *sys_mmap2(void *address, size_t size, int access, int flags, int fd, unsigned long at);
int sys_munmap(void *address, size_t size);
ssize_t sys_pread64(int fd, void *data, size_t count, int64_t at);

static int failures;

#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            printf("line %d: %s; errno is %d\n", __LINE__, #condition, errno); \
            failures++;                                                        \
        }                                                                      \
    } while (0)

/* Registers that C keeps over calls hold values while the thunks run. */
static void check_failures(void)
{
    char where[] = "/no/such/folder/at/all";
    errno = 0;
    int expected_open = openat(AT_FDCWD, where, O_RDONLY, 0), expected_errno = errno;
    errno = 0;
    CHECK(sys_openat(AT_FDCWD, where, O_RDONLY, 0) == expected_open);
    CHECK(errno == expected_errno && errno == ENOENT);
    errno = 0;
    CHECK(sys_close(-1) == -1 && errno == EBADF);
    errno = 0;
    CHECK(sys_write(-1, where, 1) == -1 && errno == EBADF);
    errno = 0;
    CHECK(sys_raw_close(-1) == -EBADF && errno == 0);
}

static void check_results(int fd)
{
    static const char text[] = "written by a thunk";
    char found[sizeof text] = "";
    errno = 77;
    CHECK(sys_getpid() == getpid());
    CHECK(sys_write(fd, text, sizeof text) == (ssize_t)sizeof text);
    CHECK(sys_pread64(fd, found, sizeof found, 0) == (ssize_t)sizeof text);
    CHECK(!memcmp(found, text, sizeof text));
    CHECK(errno == 77);
    /* Beyond what 32 bits can say: both halves of the offset have to arrive. */
    CHECK(pwrite64(fd, "far", 4, INT64_C(5) << 32 | 77) == 4);
    CHECK(sys_pread64(fd, found, 4, INT64_C(5) << 32 | 77) == 4 && !strcmp(found, "far"));
    CHECK(sys_pread64(fd, found, 4, INT64_C(-1)) == -1 && errno == EINVAL);
    int copy = dup(fd);
    CHECK(sys_close(copy) == 0 && close(copy) == -1);
}

static void check_six(void)
{
    int one[2], other[2];
    char found[8] = "";
    CHECK(pipe(one) == 0 && pipe(other) == 0 && write(one[1], "spliced", 8) == 8);
    CHECK(sys_splice(one[0], NULL, other[1], NULL, 8, SPLICE_F_NONBLOCK) == 8);
    CHECK(read(other[0], found, 8) == 8 && !strcmp(found, "spliced"));
    errno = 0;
    CHECK(sys_splice(one[0], NULL, other[1], NULL, 8, 0x8000) == -1 && errno == EINVAL);
}

static void *map(void *address, size_t size, int access, int flags, int fd, long at)
{
#if MMAP == 2
    return sys_mmap2(address, size, access, flags, fd, (unsigned long)at / 4096);
#elif MMAP == 1
    return sys_mmap(address, size, access, flags, fd, at);
#else
    return mmap(address, size, access, flags, fd, at);
#endif
}

static void check_memory(int fd)
{
    long page = 65536; /* a multiple of all sizes of pages */
    CHECK(pwrite(fd, "mapped", 7, page) == 7);
    char *memory = map(NULL, (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, page);
    CHECK(memory != MAP_FAILED && !strcmp(memory, "mapped"));
    memory[0] = 'M';
    CHECK(sys_munmap(memory, (size_t)page) == 0);
    errno = 0;
    CHECK(map(NULL, 0, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == EINVAL);
    errno = 0;
    CHECK(map(NULL, (size_t)page, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED && errno == EBADF);
    CHECK(sys_munmap((void *)1, 1) == -1 && errno == EINVAL);
}

int main(int argc, char **argv)
{
    int fd = open(argc > 1 ? argv[1] : "file", O_RDWR | O_CREAT | O_TRUNC | O_LARGEFILE, 0600);
    CHECK(fd >= 0);
    check_failures();
    check_results(fd);
    check_six();
    check_memory(fd);
    printf("%s: %d failures\n", argv[0], failures);
    return failures != 0;
}
