// Writes captures of one path, taken at several points of it, and the true counts.
//
//   client -- point 0 -- [NAT] -- point 1 -- point 2 -- [load balancer] -- point 3 -- server
//
// Deterministic: the same options give the same bytes. Connections send bursts in turn; the receiver acknowledges every
// second segment, reports holes by SACK, and lost segments are sent again. Memory does not grow with the packets.

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_POINTS = 4, SEGMENT = 1448, LONGEST_BURST = 32, RING = 1 << 16 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

static const uint64_t START_NS = 1700000000ull * 1000000000ull;
/// Delay of the stretch in front of each point and behind the last one, in ns.
static const uint64_t DELAY_NS[MOST_POINTS + 1] = {150000, 2000000, 6000000, 900000, 120000};

static uint64_t packets = 1000000, seed = 1;
static uint32_t connections = 2000, snapLength = 96, points = 4;
static double spanSeconds = 60, linkLoss = 0.0005, captureMiss = 0.004;
static bool pcapng, zeroIDs, equalPayload, synsOnly;
static const char *prefix = "traffic";

static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

static uint64_t randomState;
static uint64_t randomBits(void) {  // SplitMix64
  uint64_t z = (randomState += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}
static uint32_t below(uint32_t limit) { return (uint32_t)((randomBits() >> 32) * limit >> 32); }
static bool happens(double probability) { return (double)(randomBits() >> 11) * 0x1p-53 < probability; }

typedef struct {
  uint32_t sequence, acknowledgement, timestamp, echo, sackStart, sackEnd;
  uint32_t connection;
  uint16_t length, ipID;
  uint8_t flags;
  bool fromServer;
} Packet;

typedef struct {
  uint32_t sequence;  // next to send
  uint32_t latestTimestamp, timestampBase;
  uint16_t ipID;
} Side;

typedef struct {
  Side side[2];
  uint64_t left;  // packets still to send
  uint32_t payload;
  uint32_t missing[LONGEST_BURST];
  uint16_t missingLength[LONGEST_BURST];
  uint8_t missingCount, state, attempts;
  bool serverSends;
} Connection;

static Connection *all;

// MARK: A queue by time

/// What happens at a time: a packet passes a point (`place` is the point), or a connection takes its turn.
typedef struct {
  uint64_t time, serial;
  int place;
  Packet packet;
} Moment;

static Moment *queue;
static size_t queued, queueRoom;
static uint64_t nextSerial;

static bool isBefore(const Moment *a, const Moment *b) {
  return a->time != b->time ? a->time < b->time : a->serial < b->serial;
}

static void enqueue(uint64_t time, int place, const Packet *packet) {
  if (queued == queueRoom) {
    queueRoom = queueRoom ? 2 * queueRoom : 1 << 16;
    if (!(queue = realloc(queue, queueRoom * sizeof *queue))) die("out of memory");
  }
  Moment moment = {.time = time, .serial = nextSerial++, .place = place, .packet = *packet};
  size_t at = queued++;
  for (; at > 0 && isBefore(&moment, &queue[(at - 1) / 2]); at = (at - 1) / 2) queue[at] = queue[(at - 1) / 2];
  queue[at] = moment;
}

static Moment dequeue(void) {
  Moment first = queue[0], last = queue[--queued];
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < queued; at = child) {
    if (child + 1 < queued && isBefore(&queue[child + 1], &queue[child])) child++;
    if (!isBefore(&queue[child], &last)) break;
    queue[at] = queue[child];
  }
  queue[at] = last;
  return first;
}

// MARK: The path

typedef struct { uint64_t both, lost, missedBehind, missedBefore; } PairCount;
static PairCount pairs[MOST_POINTS];
static uint64_t captured[MOST_POINTS], sent;

/// Sends a packet at `time`; says when it arrives, or 0 if it does not.
static uint64_t send(Packet packet, uint64_t time) {
  Connection *connection = &all[packet.connection];
  Side *side = &connection->side[packet.fromServer];
  packet.ipID = zeroIDs ? 0 : side->ipID++;
  packet.timestamp = side->timestampBase + (uint32_t)(time / 1000000);
  packet.echo = side->latestTimestamp;
  sent++;
  if (connection->left > 0) connection->left--;

  bool wasCaptured = false, isLost = false;
  uint64_t at = time;
  for (uint32_t step = 0; step <= points; step++) {
    // Stretches and points are numbered from the client; the server's packets meet them the other way round.
    uint32_t stretch = packet.fromServer ? points - step : step;
    at += DELAY_NS[stretch];
    bool isBetween = step > 0 && step < points;
    PairCount *pair = isBetween ? &pairs[stretch - 1] : NULL;
    if (happens(isBetween ? linkLoss : linkLoss / 4)) {
      if (pair && wasCaptured) pair->lost++;
      isLost = true;
      break;
    }
    if (step == points) break;
    uint32_t point = packet.fromServer ? points - 1 - step : step;
    bool isCaptured = !happens(captureMiss);
    if (isCaptured) enqueue(at, (int)point, &packet);
    if (pair && wasCaptured) *(isCaptured ? &pair->both : &pair->missedBehind) += 1;
    if (pair && !wasCaptured && isCaptured) pair->missedBefore++;
    wasCaptured = isCaptured;
  }
  if (isLost) return 0;
  connection->side[!packet.fromServer].latestTimestamp = packet.timestamp;
  return at;
}

// MARK: Connections

enum { OPENING, TALKING, CLOSING };
enum { TURN = -1 };

static uint64_t pauseNS;

static void takeTurnAt(uint64_t time, uint32_t number) { enqueue(time, TURN, &(Packet){.connection = number}); }

static Packet plain(const Connection *connection, uint32_t number, bool fromServer, uint8_t flags) {
  return (Packet){
      .connection = number, .fromServer = fromServer, .flags = flags,
      .sequence = connection->side[fromServer].sequence, .acknowledgement = connection->side[!fromServer].sequence};
}

/// Sends SYN, SYN-ACK, ACK; a lost one is tried again after a second.
static void openConnection(Connection *connection, uint32_t number, uint64_t time) {
  Packet syn = plain(connection, number, false, SYN);
  syn.acknowledgement = 0;
  uint64_t arrival = send(syn, time);
  if (synsOnly) return;
  if (!arrival) return takeTurnAt(time + 1000000000, number);
  Packet answer = plain(connection, number, true, SYN | ACK);
  answer.acknowledgement++;
  uint64_t answered = send(answer, arrival + 30000);
  if (!answered) return takeTurnAt(time + 1000000000, number);
  connection->side[0].sequence++;
  connection->side[1].sequence++;
  send(plain(connection, number, false, ACK), answered + 20000);
  connection->state = TALKING;
  takeTurnAt(answered + 60000, number);
}

static void closeConnection(Connection *connection, uint32_t number, uint64_t time) {
  uint64_t arrival = send(plain(connection, number, false, FIN | ACK), time);
  if (!arrival && connection->attempts++ < 5) return takeTurnAt(time + 300000000, number);
  if (!arrival) return;
  connection->side[0].sequence++;
  uint64_t answered = send(plain(connection, number, true, FIN | ACK), arrival + 80000);
  connection->side[1].sequence++;
  if (answered) send(plain(connection, number, false, ACK), answered + 20000);
}

/// One burst, what was lost before it first, with the acknowledgements that it gets.
static void talk(Connection *connection, uint32_t number, uint64_t time) {
  bool fromServer = connection->serverSends;
  Side *sender = &connection->side[fromServer];
  uint32_t sequence[LONGEST_BURST], firstMissing = 0;
  uint16_t length[LONGEST_BURST];
  uint32_t count = connection->missingCount;
  memcpy(sequence, connection->missing, count * sizeof *sequence);
  memcpy(length, connection->missingLength, count * sizeof *length);
  // What closes a hole is sent alone, so that the receiver never waits for more than one burst.
  uint32_t wanted = count > 0 ? count : 1 + below(fromServer ? 24 : 4);
  while (count < wanted) {
    length[count] = equalPayload || count + 1 < wanted ? SEGMENT : (uint16_t)(1 + below(SEGMENT));
    sequence[count] = sender->sequence;
    sender->sequence += length[count++];
  }
  bool isRepair = connection->missingCount > 0;
  connection->missingCount = 0;

  uint64_t lastArrival = 0;
  uint32_t unacknowledged = 0;
  bool hasHole = false;
  for (uint32_t index = 0; index < count; index++) {
    Packet data = plain(connection, number, fromServer, index + 1 == count ? ACK | PSH : ACK);
    data.sequence = sequence[index];
    data.length = length[index];
    uint64_t arrival = send(data, time);
    time += 12000 + below(4000);
    if (!arrival) {
      if (!hasHole) firstMissing = sequence[index];
      hasHole = true;
      connection->missing[connection->missingCount] = sequence[index];
      connection->missingLength[connection->missingCount++] = length[index];
      continue;
    }
    lastArrival = arrival;
    unacknowledged++;
    if (unacknowledged < 2 && !hasHole && !isRepair && index + 1 < count) continue;
    unacknowledged = 0;
    Packet answer = plain(connection, number, !fromServer, ACK);
    answer.acknowledgement = hasHole ? firstMissing : sequence[index] + length[index];
    if (isRepair && !hasHole && index + 1 == count) answer.acknowledgement = sender->sequence;
    if (hasHole) {
      answer.sackStart = sequence[index];
      answer.sackEnd = sequence[index] + length[index];
    }
    uint64_t back = send(answer, arrival + 15000 + below(5000));
    if (back > lastArrival) lastArrival = back;
  }
  if (connection->missingCount > 0) return takeTurnAt((lastArrival > time ? lastArrival : time + 220000000) + 20000, number);
  connection->serverSends = !fromServer;
  if (connection->left == 0) connection->state = CLOSING;
  takeTurnAt((lastArrival > time ? lastArrival : time) + 20000 + pauseNS / 2 + below((uint32_t)pauseNS + 1), number);
}

static void takeTurn(uint32_t number, uint64_t time) {
  Connection *connection = &all[number];
  switch (connection->state) {
    case OPENING: return openConnection(connection, number, time);
    case TALKING: return talk(connection, number, time);
    case CLOSING: return closeConnection(connection, number, time);
  }
}

// MARK: Bytes

static uint8_t ring[RING + SEGMENT];

static void put16(uint8_t *at, uint32_t value) { at[0] = (uint8_t)(value >> 8), at[1] = (uint8_t)value; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16), put16(at + 2, value); }

static uint32_t addWords(uint32_t sum, const uint8_t *bytes, uint32_t count) {
  for (uint32_t index = 0; index + 1 < count; index += 2) sum += (uint32_t)bytes[index] << 8 | bytes[index + 1];
  return count & 1 ? sum + ((uint32_t)bytes[count - 1] << 8) : sum;
}
static uint32_t checksum(uint32_t sum) {
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

/// The addresses and ports of a connection as a point sees them.
static void putAddresses(const Packet *packet, uint32_t point, uint8_t *ip, uint8_t *tcp) {
  uint32_t number = packet->connection, client = 0x0A010000 + number / 28000 * 256 + number % 200 + 10;
  uint32_t server = 0xCB00710A + number % 12, clientPort = 32768 + number % 28000, serverPort = 443;
  if (point >= 1) {
    client = 0xC6336401 + number / 60000;
    clientPort = 1024 + (uint32_t)((uint64_t)number * 29 % 60000);
  }
  if (point >= 3) {
    client = 0xAC10FF02 + number / 60000;
    clientPort = 2048 + (uint32_t)((uint64_t)number * 31 % 60000);
    server = 0xAC100005 + number % 12;
    serverPort = 8443;
  }
  put32(ip + 12, packet->fromServer ? server : client);
  put32(ip + 16, packet->fromServer ? client : server);
  put16(tcp, packet->fromServer ? serverPort : clientPort);
  put16(tcp + 2, packet->fromServer ? clientPort : serverPort);
}

/// The frame of a packet at a point; says how long it is.
static uint32_t build(const Packet *packet, uint32_t point, uint8_t *frame) {
  static const uint8_t clientMAC[6] = {2, 0, 0, 0, 0, 1}, serverMAC[6] = {2, 0, 0, 0, 0, 2};
  memcpy(frame, packet->fromServer ? clientMAC : serverMAC, 6);
  memcpy(frame + 6, packet->fromServer ? serverMAC : clientMAC, 6);
  put16(frame + 12, 0x0800);
  uint8_t *ip = frame + 14, *tcp = ip + 20, *option = tcp + 20;
  if (packet->flags & SYN) {
    memcpy(option, (uint8_t[]){2, 4, 1460 >> 8, 1460 & 255, 4, 2, 1, 3, 3, 7}, 10), option += 10;
  } else {
    memcpy(option, (uint8_t[]){1, 1}, 2), option += 2;
  }
  put16(option, 0x080A), put32(option + 2, packet->timestamp), put32(option + 6, packet->echo), option += 10;
  if (packet->sackEnd != packet->sackStart) {
    put32(option, 0x0101050A), put32(option + 4, packet->sackStart), put32(option + 8, packet->sackEnd), option += 12;
  }
  uint32_t headerLength = (uint32_t)(option - tcp), segmentLength = headerLength + packet->length;
  uint32_t payload = equalPayload ? 0 : all[packet->connection].payload + packet->sequence;
  memcpy(option, ring + (payload & (RING - 1)), packet->length);

  memset(ip, 0, 20);
  ip[0] = 0x45, ip[6] = 0x40, ip[9] = 6;
  put16(ip + 2, 20 + segmentLength), put16(ip + 4, packet->ipID);
  ip[8] = (uint8_t)(63 - (packet->fromServer ? points - 1 - point : point));
  putAddresses(packet, point, ip, tcp);
  put16(ip + 10, checksum(addWords(0, ip, 20)));
  put32(tcp + 4, packet->sequence), put32(tcp + 8, packet->flags & ACK ? packet->acknowledgement : 0);
  tcp[12] = (uint8_t)(headerLength / 4 << 4), tcp[13] = packet->flags;
  put16(tcp + 14, 502), put32(tcp + 16, 0);
  put16(tcp + 16, checksum(addWords(6 + segmentLength + addWords(0, ip + 12, 8), tcp, segmentLength)));
  return 34 + segmentLength;
}

static FILE *outputs[MOST_POINTS];

static void openOutputs(void) {
  for (uint32_t point = 0; point < points; point++) {
    char path[4096];
    snprintf(path, sizeof path, "%s.point%u.%s", prefix, point, pcapng ? "pcapng" : "pcap");
    if (!(outputs[point] = fopen(path, "wb"))) die("%s cannot be written", path);
    setvbuf(outputs[point], NULL, _IOFBF, 1 << 20);
    if (pcapng) {
      uint32_t section[7] = {0x0A0D0D0A, 28, 0x1A2B3C4D, 1, UINT32_MAX, UINT32_MAX, 28};
      uint32_t interface[5] = {1, 20, 1, snapLength, 20};
      fwrite(section, sizeof section, 1, outputs[point]);
      fwrite(interface, sizeof interface, 1, outputs[point]);
    } else {
      uint32_t header[6] = {0xA1B2C3D4, 4 << 16 | 2, 0, 0, snapLength, 1};
      fwrite(header, sizeof header, 1, outputs[point]);
    }
  }
}

static void capture(const Moment *moment) {
  static uint8_t frame[2048];
  uint32_t point = (uint32_t)moment->place, length = build(&moment->packet, point, frame);
  uint32_t kept = length < snapLength ? length : snapLength;
  uint64_t microseconds = (START_NS + moment->time) / 1000;
  FILE *output = outputs[point];
  captured[point]++;
  if (pcapng) {
    uint32_t padded = (kept + 3) & ~3u, total = 32 + padded;
    uint32_t header[7] = {6, total, 0, (uint32_t)(microseconds >> 32), (uint32_t)microseconds, kept, length};
    memset(frame + kept, 0, 3);
    fwrite(header, sizeof header, 1, output);
    fwrite(frame, padded, 1, output);
    fwrite(&total, sizeof total, 1, output);
  } else {
    uint32_t header[4] = {(uint32_t)(microseconds / 1000000), (uint32_t)(microseconds % 1000000), kept, length};
    fwrite(header, sizeof header, 1, output);
    fwrite(frame, kept, 1, output);
  }
}

static void writeTruth(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s.truth.json", prefix);
  FILE *output = fopen(path, "w");
  if (!output) die("%s cannot be written", path);
  fprintf(output, "{\n  \"sent\": %" PRIu64 ",\n  \"connections\": %u,\n  \"captured\": [", sent, connections);
  for (uint32_t point = 0; point < points; point++) fprintf(output, "%s%" PRIu64, point ? ", " : "", captured[point]);
  fprintf(output, "],\n  \"pairs\": [\n");
  for (uint32_t pair = 0; pair + 1 < points; pair++) {
    fprintf(output,
            "    {\"from\": %u, \"to\": %u, \"both\": %" PRIu64 ", \"lost\": %" PRIu64 ", \"missed_by_next\": %" PRIu64
            ", \"missed_by_previous\": %" PRIu64 "}%s\n",
            pair, pair + 1, pairs[pair].both, pairs[pair].lost, pairs[pair].missedBehind, pairs[pair].missedBefore,
            pair + 2 < points ? "," : "");
  }
  fprintf(output, "  ]\n}\n");
  if (fclose(output)) die("%s cannot be written", path);
}

int main(int count, char **arguments) {
  for (int option; (option = getopt(count, arguments, "n:c:s:S:t:p:l:m:o:gzey")) != -1;) switch (option) {
      case 'n': packets = strtoull(optarg, NULL, 10); break;
      case 'c': connections = (uint32_t)strtoul(optarg, NULL, 10); break;
      case 's': snapLength = (uint32_t)strtoul(optarg, NULL, 10); break;
      case 'S': seed = strtoull(optarg, NULL, 10); break;
      case 't': spanSeconds = strtod(optarg, NULL); break;
      case 'p': points = (uint32_t)strtoul(optarg, NULL, 10); break;
      case 'l': linkLoss = strtod(optarg, NULL); break;
      case 'm': captureMiss = strtod(optarg, NULL); break;
      case 'o': prefix = optarg; break;
      case 'g': pcapng = true; break;
      case 'z': zeroIDs = true; break;
      case 'e': equalPayload = true; break;
      case 'y': synsOnly = true; break;
      default:
        die("traffic -o PREFIX [-n packets] [-c connections] [-p points, 1 to 4] [-s bytes kept of a frame] [-t seconds]\n"
            "        [-S seed] [-l loss of a link, 0 to 1] [-m part missed by each capture, 0 to 1] [-g: pcapng]\n"
            "        [-z: all IP IDs are 0] [-e: equal payloads and lengths] [-y: SYNs only, one for each connection]");
    }
  if (points < 1 || points > MOST_POINTS || connections < 1) die("traffic: at least 1 connection, 1 to 4 points");
  randomState = seed;
  for (size_t at = 0; at < RING; at += 8) memcpy(ring + at, &(uint64_t){randomBits()}, 8);
  memcpy(ring + RING, ring, SEGMENT);
  if (!(all = calloc(connections, sizeof *all))) die("out of memory");
  uint64_t each = packets / connections, startSpan = (uint64_t)(spanSeconds * 1e9 / 2);
  // A turn has about 14 packets; all turns of a connection together take half the time.
  pauseNS = each > 28 ? startSpan / (each / 14) : 1000000;
  pauseNS = pauseNS > 30000000 ? pauseNS - 18000000 : 2000000;
  if (pauseNS > 2000000000) pauseNS = 2000000000;
  if (connections == 1) pauseNS = 100000;
  openOutputs();
  for (uint32_t number = 0; number < connections; number++) {
    Connection *connection = &all[number];
    connection->left = each > 8 ? each - 8 : 1;
    connection->payload = (uint32_t)randomBits();
    for (int side = 0; side < 2; side++) {
      uint64_t bits = randomBits();
      connection->side[side] = (Side){
          .sequence = (uint32_t)(bits >> 32), .ipID = (uint16_t)bits, .timestampBase = (uint32_t)randomBits()};
    }
    takeTurnAt((uint64_t)((double)(randomBits() >> 11) * 0x1p-53 * (double)startSpan), number);
  }
  while (queued > 0) {
    Moment moment = dequeue();
    if (moment.place == TURN) takeTurn(moment.packet.connection, moment.time);
    else capture(&moment);
  }
  for (uint32_t point = 0; point < points; point++)
    if (fclose(outputs[point])) die("a capture of %s cannot be written", prefix);
  writeTruth();
}
