// The part of C++ that C has, and what it has not.
namespace ns {
struct A {
    int x;
    double y;
};
enum class E : unsigned short { one, two };
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
    int get(int z) const;
};
int M::get(int z) const
{
    return k + z;
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
