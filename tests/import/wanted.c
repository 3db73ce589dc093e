#include "wanted.h"
int car_count, wheel_count;
int car_start(car *it)
{
    return it->color;
}
int truck_start(struct truck *it)
{
    return car_weight(&it->front);
}
void wheel_turn(struct wheel *wheel)
{
    wheel->radius = 1;
}
