// Runs a fuzz target over files, once each: replay FILE_OR_FOLDER... The last words of one that fails name
// the file.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "target.h"

namespace {

using Files = std::vector<std::filesystem::path>;

// For the handler of signals, which may not ask anybody.
const char* current_file = "";

void name_file(int signal) {
  constexpr char kWords[] = "\nwhile replaying ";
  for (const char* text : {kWords, current_file, "\n"})
    if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) break;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

Files files_of(int count, char** places) {
  Files files;
  for (int i = 1; i < count; ++i) {
    if (!std::filesystem::is_directory(places[i])) {
      files.emplace_back(places[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(places[i]))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void replay(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  // Of exactly this size, so that a sanitizer sees what reads beyond it.
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) throw std::runtime_error("cannot be read: " + file.string());
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int count, char** places) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, name_file);
  const Files files = files_of(count, places);
  for (const auto& file : files) {
    current_file = file.c_str();
    replay(file);
  }
  std::printf("%zu inputs\n", files.size());
  return files.empty() ? 1 : 0;
}
