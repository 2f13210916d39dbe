// Limits of the service, each with its source. Interface: the published description of Training v3.4-preview.
// Quotas: the documentation page "Limits and quotas" (January 2025).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "customvision/wire/version.h"

namespace cvemu::customvision::limits {

// Requests, the same for everybody.
constexpr std::size_t kImagesPerBatch = 64;              // interface
constexpr std::size_t kTagsPerBatch = 20;                // interface
constexpr std::size_t kTagsPerFilter = 20;               // interface: lists of images
constexpr std::size_t kTagsPerCount = SIZE_MAX;          // interface: counts name no limit
constexpr std::size_t kImageIds = 256;                   // interface: DeleteImages, GetImagesByIds, metadata
constexpr std::size_t kImageTagsPerCreate = 128;         // interface
constexpr std::size_t kImagesPerTagDelete = 64;          // interface: DeleteImageTags
constexpr std::size_t kTagsPerTagDelete = 20;            // interface: DeleteImageTags
constexpr std::size_t kRegionsPerRequest = 64;           // interface: create and delete
constexpr std::size_t kTagsPerPredictionQuery = 2;       // interface
constexpr std::size_t kPredictionsPerDelete = 64;        // interface
constexpr std::size_t kImagesPerSuggestion = 64;         // interface
constexpr std::size_t kRegionProposals = 25;             // recorded
constexpr std::int64_t kTake = 256;                      // interface; take is 0..256
constexpr std::int64_t kDefaultTake = 50;                // interface
constexpr std::size_t kRequestBytes = 64 * 1024 * 1024;  // public report: 55 MB worked, 60 MB did not
constexpr std::size_t kSmallBodyBytes = 1024 * 1024;     // Emulator: JSON bodies without images

// Images.
constexpr std::size_t kImageBytes = 6 * 1024 * 1024;            // quotas: training image and quick test
constexpr std::size_t kPredictionImageBytes = 4 * 1024 * 1024;  // quotas
constexpr std::int64_t kImageSide = 10'240;     // quotas: height and width; smaller than 256 is scaled up
constexpr std::int64_t kAspectRatio = 25;       // quotas: longer side to shorter side
constexpr std::int64_t kRegionsPerImage = 300;  // quotas: training image
constexpr std::int64_t kTagsPerImage = 100;     // quotas: classification
constexpr int kResizedImageSide = 1600;         // recorded: larger images get a resized copy
constexpr int kThumbnailSide = 256;             // Emulator: the service's size is not on record

// Emulator: memory. Images are decoded side by side as long as they fit; large bodies (base64, and what is
// decoded from it) likewise.
constexpr std::size_t kDecodingBytes = 200'000'000;
constexpr std::size_t kBodiesBytes = 200'000'000;
constexpr std::size_t kFetchedBytes = 400'000'000;  // 64 images of the largest size
constexpr std::size_t kBytesPerBodyByte = 2;        // the document, and what its base64 says

// Image metadata. Interface: version 3.3 said 50 pairs, 256 and 512 letters; 3.4-preview says less.
struct Metadata {
  std::size_t pairs, key, value;
};
constexpr Metadata metadata(ApiVersion version) {
  return version >= ApiVersion::V3_4 ? Metadata{10, 128, 256} : Metadata{50, 256, 512};
}

// Trainings.
constexpr std::int64_t kClassificationImagesPerTag = 5;  // quotas
constexpr std::int64_t kDetectionImagesPerTag = 15;      // quotas
constexpr std::size_t kClassificationTags = 2;           // public reports

// What a resource of a pricing tier may hold and how often it may be called (quotas).
struct Tier {
  std::string_view name;
  std::int64_t projects, tags_per_project, images_per_project, iterations_per_project, predictions_per_month;
  // Calls per second. 0: any number.
  std::size_t stored_predictions, unstored_predictions, trainings, other_calls;
};
constexpr std::int64_t kAny = INT64_MAX;
constexpr Tier kUnlimited = {"unlimited", kAny, kAny, kAny, kAny, kAny, 0, 0, 0, 0};  // Emulator: the default
constexpr Tier kF0 = {"F0", 2, 50, 5'000, 20, 10'000, 2, 2, 2, 10};
constexpr Tier kS0 = {"S0", 100, 500, 100'000, 20, kAny, 10, 20, 10, 10};
constexpr const Tier* kTiers[] = {&kUnlimited, &kF0, &kS0};

}  // namespace cvemu::customvision::limits
