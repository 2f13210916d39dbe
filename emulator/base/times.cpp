#include "base/times.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cvemu::times {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Parts {
  int year;
  unsigned month, day, weekday, hour, minute, second, micros;
};

// Years have four digits on the wire: what lies outside of them is written as the nearest moment that has.
constexpr Instant kFirst = sys_days{year{1} / January / 1};

Parts parts_of(Instant moment) {
  const Instant t = std::clamp(moment, kFirst, kEndOfTime + seconds{1} - microseconds{1});
  const auto day_point = floor<days>(t);
  const year_month_day date{day_point};
  const hh_mm_ss<Duration> clock{t - day_point};
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          weekday{day_point}.c_encoding(),
          static_cast<unsigned>(clock.hours().count()),
          static_cast<unsigned>(clock.minutes().count()),
          static_cast<unsigned>(clock.seconds().count()),
          static_cast<unsigned>(clock.subseconds().count())};
}

void put_digits(std::string& out, unsigned value, int width) {
  char digits[10];
  for (int i = width - 1; i >= 0; --i) {
    digits[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits, static_cast<std::size_t>(width));
}

void put_clock(std::string& out, const Parts& p) {
  put_digits(out, p.hour, 2);
  out += ':';
  put_digits(out, p.minute, 2);
  out += ':';
  put_digits(out, p.second, 2);
}

std::string iso_base(const Parts& p) {
  std::string out;
  out.reserve(32);
  put_digits(out, static_cast<unsigned>(p.year), 4);
  out += '-';
  put_digits(out, p.month, 2);
  out += '-';
  put_digits(out, p.day, 2);
  out += 'T';
  put_clock(out, p);
  return out;
}

std::string rfc1123_uncached(Instant t) {
  const Parts p = parts_of(t);
  std::string out;
  out.reserve(29);
  out += kDays[p.weekday];
  out += ", ";
  put_digits(out, p.day, 2);
  out += ' ';
  out += kMonths[p.month - 1];
  out += ' ';
  put_digits(out, static_cast<unsigned>(p.year), 4);
  out += ' ';
  put_clock(out, p);
  out += " GMT";
  return out;
}

// Reads fixed-width fields from the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<unsigned> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  std::string_view take(std::size_t count) {
    const auto piece = rest_.substr(0, count);
    rest_.remove_prefix(piece.size());
    return piece;
  }

  bool at_end() const { return rest_.empty(); }
  bool at_digit() const { return !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }

 private:
  std::string_view rest_;
};

std::optional<Instant> assemble(unsigned y, unsigned mo, unsigned d, unsigned h, unsigned mi, unsigned s,
                                unsigned micros) {
  const year_month_day date{year{static_cast<int>(y)}, month{mo}, day{d}};
  if (y == 0 || !date.ok() || h > 23 || mi > 59 || s > 59) return std::nullopt;
  return Instant{sys_days{date}} + hours{h} + minutes{mi} + seconds{s} + microseconds{micros};
}

// Up to seven digits after the dot; those below a microsecond are dropped.
std::optional<unsigned> read_fraction(Reader& in) {
  unsigned value = 0, count = 0;
  while (in.at_digit()) {
    const unsigned digit = in.digits(1).value_or(0);
    if (count < 6) value = value * 10 + digit;
    ++count;
  }
  if (count == 0 || count > 9) return std::nullopt;
  for (; count < 6; ++count) value *= 10;
  return value;
}

}  // namespace

const Instant kNever = sys_days{year{9999} / 12 / 31} + hours{23} + minutes{59} + seconds{59};

std::string rfc1123(Instant t) {
  // One answer writes the same seconds several times. The slot also depends on higher bits, so that a
  // message's insertion and its expiry a week later do not push each other out.
  thread_local std::array<std::pair<std::int64_t, std::string>, 8> cache{};
  const std::int64_t second = floor<seconds>(t).time_since_epoch().count();
  auto& slot = cache[static_cast<std::size_t>((second ^ second >> 7) & 7)];
  if (slot.first != second || slot.second.empty()) slot = {second, rfc1123_uncached(t)};
  return slot.second;
}

std::optional<Instant> parse_rfc1123(std::string_view text) {
  Reader in(trim(text));
  in.take(3);
  if (!in.skip(", ")) return std::nullopt;
  const auto d = in.digits(2);
  if (!d || !in.skip(" ")) return std::nullopt;
  const std::string_view name = in.take(3);
  unsigned mo = 0;
  while (mo < 12 && kMonths[mo] != name) ++mo;
  if (mo == 12 || !in.skip(" ")) return std::nullopt;
  const auto y = in.digits(4);
  if (!y || !in.skip(" ")) return std::nullopt;
  const auto h = in.digits(2);
  if (!h || !in.skip(":")) return std::nullopt;
  const auto mi = in.digits(2);
  if (!mi || !in.skip(":")) return std::nullopt;
  const auto s = in.digits(2);
  if (!s || !in.skip(" GMT") || !in.at_end()) return std::nullopt;
  return assemble(*y, mo + 1, *d, *h, *mi, *s, 0);
}

std::string iso_millis(Instant t) {
  const Parts p = parts_of(t);
  std::string out = iso_base(p);
  out += '.';
  put_digits(out, p.micros / 1000, 3);
  out += 'Z';
  return out;
}

std::string iso_naive(Instant t) {
  const Parts p = parts_of(t);
  std::string out = iso_base(p);
  if (p.micros == 0) return out;
  out += '.';
  put_digits(out, p.micros, 6);
  while (out.back() == '0') out.pop_back();
  return out;
}

std::string iso_ticks(Instant t) {
  const Parts p = parts_of(t);
  std::string out = iso_base(p);
  out += '.';
  put_digits(out, p.micros * 10, 7);
  out += 'Z';
  return out;
}

std::string iso_seconds(Instant t) {
  return iso_base(parts_of(t)) + 'Z';
}

std::optional<Instant> parse_iso(std::string_view text) {
  Reader in(text);
  const auto y = in.digits(4);
  if (!y || !in.skip("-")) return std::nullopt;
  const auto mo = in.digits(2);
  if (!mo || !in.skip("-")) return std::nullopt;
  const auto d = in.digits(2);
  if (!d) return std::nullopt;
  if (in.at_end()) return assemble(*y, *mo, *d, 0, 0, 0, 0);
  if (!in.skip("T")) return std::nullopt;
  const auto h = in.digits(2);
  if (!h || !in.skip(":")) return std::nullopt;
  const auto mi = in.digits(2);
  if (!mi) return std::nullopt;
  unsigned second = 0, micros = 0;
  if (in.skip(":")) {
    const auto s = in.digits(2);
    if (!s) return std::nullopt;
    second = *s;
    if (in.skip(".")) {
      const auto fraction = read_fraction(in);
      if (!fraction) return std::nullopt;
      micros = *fraction;
    }
  }
  in.skip("Z");
  if (!in.at_end()) return std::nullopt;
  return assemble(*y, *mo, *d, *h, *mi, second, micros);
}

}  // namespace cvemu::times
