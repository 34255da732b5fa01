/* Of <sys/mman.h>, which declares it for GNU sources only. */
int memfd_create(const char *name, unsigned int flags);
