#include "http/threads.h"

#include <doctest/doctest.h>

#include <atomic>
#include <barrier>
#include <csignal>
#include <future>
#include <memory>
#include <set>

namespace cvemu::http_threads_test {

TEST_CASE("ElasticThreads: as many threads as tasks that wait for each other") {
  std::barrier together(20);
  std::atomic<int> met = 0;
  ElasticThreads threads;
  for (int i = 0; i < 20; ++i)
    threads.run([&] {
      together.arrive_and_wait();
      ++met;
    });
  threads.join();
  CHECK(met == 20);
}

TEST_CASE("ElasticThreads: join runs everything handed over, also what tasks hand over themselves") {
  std::atomic<int> done = 0;
  ElasticThreads threads;
  for (int i = 0; i < 10; ++i)
    threads.run([&] {
      ++done;
      threads.run([&] { ++done; });
    });
  threads.join();
  CHECK(done == 20);
}

TEST_CASE("ElasticThreads: a free thread is used again") {
  std::set<pthread_t> used;
  ElasticThreads threads;
  for (int i = 0; i < 50; ++i) {
    const auto done = std::make_shared<std::promise<void>>();
    threads.run([&used, done] {
      used.insert(pthread_self());
      done->set_value();
    });
    done->get_future().wait();
  }
  threads.join();
  CHECK(used.size() < 50);
}

TEST_CASE("ElasticThreads: signals are left to the program's own threads") {
  bool blocked = false;
  ElasticThreads threads;
  threads.run([&] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGPIPE) == 1;
  });
  threads.join();
  CHECK(blocked);
}

}  // namespace cvemu::http_threads_test
