// The part of C++ that C has, and what it has not.
namespace ns {
struct A {
    int x;
    double y;
};
enum class E : unsigned short { one, two };
constexpr int limit = 42;
const char title[] = "c++";
template <class T> struct V {
    T t;
    int n;
};
}
struct Base {
    int i;
};
struct Derived : Base {
    int j;
};
struct Counted {
    Counted(const Counted &);
    int i;
};
struct M {
    int k;
    static constexpr unsigned char most = 200;
    int get(int z) const;
};
int M::get(int z) const
{
    return k + z + ns::limit + ns::title[z] + most;
}
extern "C" double plain(ns::A a, ns::E e, ns::V<char> *v, const ns::A &r, Derived *d)
{
    return a.y + (e == ns::E::one) + v->n + r.x + d->j;
}
int over(ns::A a)
{
    return a.x;
}
int over(int i)
{
    return i;
}
int counted(Counted c)
{
    return c.i;
}
