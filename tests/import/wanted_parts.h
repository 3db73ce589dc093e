struct engine {
    double power;
};
struct wheel {
    float radius;
    struct engine *engine;
};
enum color { RED, BLUE };
enum { PART_A = 3, PART_B };
void wheel_turn(struct wheel *wheel);
