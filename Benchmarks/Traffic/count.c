// Counts the packets of captures and adds up their lengths: the least that a reader with libpcap can do.
#include <pcap/pcap.h>
#include <stdio.h>

static void count(u_char *totals, const struct pcap_pkthdr *header, const u_char *bytes) {
  (void)bytes;
  ((unsigned long long *)(void *)totals)[0] += 1;
  ((unsigned long long *)(void *)totals)[1] += header->len;
}

int main(int arguments, char **paths) {
  unsigned long long totals[2] = {0, 0};
  char error[PCAP_ERRBUF_SIZE];
  for (int index = 1; index < arguments; index++) {
    pcap_t *capture = pcap_open_offline(paths[index], error);
    if (!capture || pcap_loop(capture, -1, count, (u_char *)totals) < 0) {
      fprintf(stderr, "%s: %s\n", paths[index], capture ? pcap_geterr(capture) : error);
      return 1;
    }
    pcap_close(capture);
  }
  printf("%llu packets, %llu bytes\n", totals[0], totals[1]);
}
