// The Custom Vision service: Training and Prediction in every version, at one endpoint.
#pragma once
#include <cstdint>

#include "customvision/api/request_reader.h"
#include "customvision/call_rates.h"
#include "customvision/files.h"
#include "customvision/jobs/lost_files.h"
#include "customvision/jobs/storage_link.h"
#include "customvision/model/model_cache.h"

namespace cvemu {

class CustomVisionService : public Service {
 public:
  // Registers its jobs with the scheduler. `accounts` sign what goes to the user's storage.
  CustomVisionService(Environment environment, customvision::CustomVisionOptions options,
                      const Accounts& accounts, customvision::ServiceFiles files, const HostPolicy& hosts);

  std::string_view name() const override { return "customvision"; }
  Match match(const Exchange& exchange) const override;
  Principal authenticate(const Exchange& exchange, const Match& match) override;
  Response run(const Match& match, RequestContext& context) override;
  Response render(const ApiError& error, const Exchange& exchange) const override;
  void finish(Response& response, const Exchange& exchange) const override;
  ApiError unexpected() const override;
  ApiError unavailable() const override;
  ApiError error_for(int status) const override;
  ApiError throttled(std::optional<std::int64_t> seconds) const override;

  // At the start, in the transaction that dropped blobs (customvision/jobs/lost_files.h).
  void forget_lost_files(Transaction& tx, std::vector<lost_bytes::Dropped>& dropped);

  // One slice of what deleted projects held (runtime/housekeeping.h).
  bool remove_deleted();

  static const OperationTable<customvision::CustomVision>& operations();  // the joined rows

 private:
  const customvision::CustomVisionOptions options_;
  const HostPolicy& hosts_;
  customvision::StorageLink link_;
  customvision::ServiceFiles files_;
  customvision::ModelCache models_;
  customvision::CallRates rates_;
  ByteBudget decoding_{customvision::limits::kDecodingBytes};
  ByteBudget bodies_{customvision::limits::kBodiesBytes};
  ByteBudget fetched_{customvision::limits::kFetchedBytes};
  customvision::CustomVision state_;
};

}  // namespace cvemu
