/* The library in C's own forms: closures as structs, or (with -DNOTIFY) as function, user data and destroy notify. */
#ifndef KEEPER_H
#define KEEPER_H

#include <stdint.h>

typedef struct {
    uint64_t id, at, first, last;
    uint32_t note;
} event;

typedef void drop_function(void *env);
typedef uint64_t event_function(event e, double weight, void *env);
typedef void done_function(uint64_t total, void *env);
typedef int32_t step_function(int32_t n, void *env);

/* Lent, and given away. */
typedef struct {
    event_function *code;
    void *env;
} lent_event;
typedef struct {
    event_function *code;
    void *env;
    drop_function *drop;
} own_event;
typedef struct {
    done_function *code;
    void *env;
    drop_function *drop;
} own_done;
typedef struct {
    step_function *code;
    void *env;
    drop_function *drop;
} own_step;

typedef struct {
    uint32_t tag;
    own_event cb;
} watch;

typedef struct {
    _Bool has;
    own_step value;
} option_step;

#ifdef NOTIFY
#define LENT(function, name)  function *name, void *name##_data
#define OWN(function, name)   function *name, void *name##_data, drop_function *name##_drop
#define PASS_LENT(c)          (c).code, (c).env
#define PASS(c)               (c).code, (c).env, (c).drop
#define TAKE(type, name)      ((type){name, name##_data, name##_drop})
#define TAKE_LENT(type, name) ((type){name, name##_data})
#define LENT_EVENT(name)      LENT(event_function, name)
#define OWN_EVENT(name)       OWN(event_function, name)
#define OWN_DONE(name)        OWN(done_function, name)
#define OWN_STEP(name)        OWN(step_function, name)
#else
#define PASS_LENT(c)          c
#define PASS(c)               c
#define TAKE(type, name)      name
#define TAKE_LENT(type, name) name
#define LENT_EVENT(name)      lent_event name
#define OWN_EVENT(name)       own_event name
#define OWN_DONE(name)        own_done name
#define OWN_STEP(name)        own_step name
#endif

/* KEEPER: what the library, or its thunks, are called. */
#ifndef KEEPER
#define KEEPER(name) keeper_##name
#endif

uint64_t KEEPER(each)(uint32_t count, LENT_EVENT(cb));
uint32_t KEEPER(keep)(uint32_t slot, OWN_EVENT(cb));
uint32_t KEEPER(watch)(watch w);
uint64_t KEEPER(fire)(uint32_t slot, event e, double weight);
uint32_t KEEPER(forget)(uint32_t slot);
uint32_t KEEPER(later)(OWN_DONE(done));
uint32_t KEEPER(finish)(uint64_t total);
uint32_t KEEPER(cancel)(void);
own_step KEEPER(adder)(int32_t by);
own_step KEEPER(chain)(OWN_STEP(first), OWN_STEP(second));
int32_t KEEPER(maybe)(int32_t n, option_step f);
int64_t KEEPER(live)(void);

#endif
