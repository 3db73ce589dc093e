/* The smallest program that uses the library. */
#include <abide/ctx.h>
#include <stdio.h>

int main(void)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    if (!ctx)
        return 1;
    printf("%zu diagnostics\n", abide_ctx_diag_count(ctx));
    abide_ctx_free(ctx);
    return 0;
}
