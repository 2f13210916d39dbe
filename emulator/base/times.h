// Every form of time on the wire, both ways. All times are UTC, of the years 1 to 9999: others are not read,
// and are written as the nearest moment of these.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cvemu::times {

// "Sun, 06 Nov 1994 08:49:37 GMT": HTTP headers and the queue service's XML. Whole seconds, rounded down.
std::string rfc1123(Instant t);
std::optional<Instant> parse_rfc1123(std::string_view text);

// "2020-11-06T17:40:45.610Z", always three digits. Azure: project, iteration, prediction (recorded wire
// form).
std::string iso_millis(Instant t);
// "2020-11-06T17:40:45.493677", no Z, trailing zeros dropped. Azure: image, image tag, region (recorded).
std::string iso_naive(Instant t);
// "2020-11-06T17:40:45.4936770Z", always seven digits. Azure: snapshot ids.
std::string iso_ticks(Instant t);
// "2020-11-06T17:40:45Z": SAS start and expiry.
std::string iso_seconds(Instant t);

// Date alone, or date and time with minutes, seconds or a fraction, with or without "Z". Azure: the four
// forms that SAS tokens and stored access policies carry.
std::optional<Instant> parse_iso(std::string_view text);

// The year 9999: how the queue service writes "never expires".
extern const Instant kNever;

}  // namespace cvemu::times
