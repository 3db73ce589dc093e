int __attribute__((stdcall)) standard(int a, int b);
int __attribute__((fastcall)) fast(int a, int b);
int __attribute__((regparm(3))) in_registers(int a, int b);
int __attribute__((regparm(1))) in_one(int a, int b);
int __attribute__((cdecl)) usual(int a);
