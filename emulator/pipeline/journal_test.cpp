#include "pipeline/journal.h"

#include <doctest/doctest.h>

namespace cvemu::pipeline_journal_test {

namespace {

std::shared_ptr<JournalEntry> entry(const std::string& target, int status, const std::string& body = "") {
  auto made = std::make_shared<JournalEntry>();
  made->wall = std::chrono::system_clock::now();
  made->status = status;
  made->request_length = body.size();
  Request request{Method::Post, target, {}};
  request.headers.add("Host", "here");
  PathParams params;
  params.add("queue", "jobs");
  Response response;
  response.status = status;
  response.headers.add("x-ms-error-code", "ServerBusy");
  response.body = std::string("answer");
  made->store(request, &params, body, &response, 4);
  return made;
}

}  // namespace

TEST_CASE("an entry keeps what was said, each in its place") {
  const auto made = entry("/a/b?c=d", 503, "body");
  CHECK(made->target() == "/a/b?c=d");
  CHECK(made->path() == "/a/b");
  CHECK(made->param("queue") == "jobs");
  CHECK(made->param("blob") == "");
  CHECK(made->header("HOST") == "here");
  CHECK(made->body() == "body");
  CHECK(made->response_body() == "answ");
  CHECK(made->error_code() == "ServerBusy");
}

TEST_CASE("the journal is bounded by count and by bytes") {
  RequestJournal few({.entries = 2});
  for (int i = 0; i < 5; ++i) few.add(entry("/", 200));
  CHECK(few.entries().size() == 2);
  CHECK(few.entries().front()->seq == 4);
  CHECK(few.evicted() == 3);
  CHECK(few.find(3) == nullptr);
  CHECK(few.find(5)->seq == 5);
  CHECK(few.entries(4).size() == 1);

  RequestJournal small({.bytes = 5000});
  for (int i = 0; i < 20; ++i) small.add(entry('/' + std::string(1000, 'x'), 200));
  CHECK(small.entries().size() < 6);
  CHECK(small.entries().size() > 0);
  CHECK(small.last() == 20);
}

TEST_CASE("a retry is the same method, URL and body after an answer that invites one") {
  RequestJournal journal({});
  const auto added = [&](const std::string& target, int status, const std::string& body = "") {
    auto made = entry(target, status, body);
    journal.add(made);
    return made->retry_of;
  };
  CHECK(added("/a", 503) == 0);
  CHECK(added("/b", 200) == 0);
  CHECK(added("/a", 503, "x") == 0);
  CHECK(added("/a", 429) == 1);
  CHECK(added("/a", 200) == 4);
  CHECK(added("/a", 200) == 0);
  CHECK(added("/c", 404) == 0);
  CHECK(added("/c", 404) == 0);  // nobody retries that by himself
}

}  // namespace cvemu::pipeline_journal_test
