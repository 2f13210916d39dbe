// The embedded emulator: construct, destroy, and the first answer in between. Median of 50.
#include <cvemu/emulator.h>
#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double ms(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  std::vector<double> life, answer;
  for (int i = 0; i < 50; ++i) {
    const auto begin = Clock::now();
    {
      const cvemu::Emulator emulator;
    }
    life.push_back(ms(Clock::now() - begin));

    const auto second = Clock::now();
    const cvemu::Emulator emulator;
    httplib::Client client("127.0.0.1", emulator.port());
    const auto result = client.Get("/_emulator/health");
    if (!result || result->status != 200) return 1;
    answer.push_back(ms(Clock::now() - second));
  }
  std::printf("construct + destroy %.2f ms, construct to first answer %.2f ms\n", median(life),
              median(answer));
}
