// The emulator as an object: construct it, point a client at its endpoints, let it go out of scope.
//
//   cvemu::Emulator emulator;
//   my_application(emulator.training_endpoint(), emulator.storage_connection_string());
//
// Several may live in one process. The constructor returns when every endpoint answers and throws StartError
// if that cannot be; the destructor stops at once, letting requests in flight answer.
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "cvemu/control.h"
#include "cvemu/faults.h"
#include "cvemu/journal.h"
#include "cvemu/options.h"
#include "cvemu/version.h"

namespace cvemu {

class Emulator {
 public:
  explicit Emulator(Options options = {});
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  int port() const;
  int blob_port() const;
  int queue_port() const;
  int table_port() const;  // 0 if the table endpoint is closed

  std::string training_endpoint() const;    // "http://127.0.0.1:PORT"
  std::string prediction_endpoint() const;  // the same endpoint
  std::string blob_endpoint() const;        // "http://127.0.0.1:PORT/devstoreaccount1"
  std::string queue_endpoint() const;
  std::string table_endpoint() const;  // "" if it is closed; it answers 501
  std::string storage_connection_string() const;

  Control& control();

  // How long no request has come at an endpoint; zero while one is being answered.
  std::chrono::milliseconds idle_for() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Every operation of every service as one JSON document: {"services":[{"name","operations":[{"name","method",
// "path","needs"}]}]}.
std::string operations_json();

}  // namespace cvemu
