#include "wanted_parts.h"
#define PART_LIMIT 16
#define OTHER      1
struct engine;
typedef struct car {
    struct wheel wheels[4];
    struct engine *engine;
    enum color color;
} car;
typedef int (*on_turn)(struct wheel *wheel, double angle);
struct truck {
    car front;
};
extern int car_count;
extern int wheel_count;
static inline int car_weight(const car *it)
{
    return it ? 900 : 0;
}
int car_start(car *it);
int car_watch(car *it, on_turn watcher);
int truck_start(struct truck *it);
int old_car();
int old_truck();
