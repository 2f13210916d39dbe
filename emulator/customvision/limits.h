// Limits of the service, each with its source. Interface: the published description of Training v3.4-preview.
// Quotas: the documentation page "Limits and quotas".
#pragma once
#include <cstddef>
#include <cstdint>

namespace cvemu::customvision::limits {

constexpr std::size_t kImagesPerBatch = 64;                   // interface
constexpr std::size_t kTagsPerBatch = 20;                     // interface
constexpr std::size_t kTagsPerFilter = 20;                    // interface
constexpr std::int64_t kTake = 256;                           // interface; take is 0..256
constexpr std::int64_t kDefaultTake = 50;                     // interface
constexpr std::size_t kImageBytes = 6 * 1024 * 1024;          // quotas: training image and quick test
constexpr std::size_t kRequestBytes = 128 * 1024 * 1024;      // Emulator: 55 MB worked on the service, 60 MB timed out
constexpr std::size_t kSmallBodyBytes = 1024 * 1024;          // Emulator: JSON bodies without images
constexpr std::int64_t kClassificationImagesPerTag = 5;       // quotas
constexpr std::int64_t kDetectionImagesPerTag = 15;           // quotas
constexpr std::size_t kClassificationTags = 2;                // public reports
constexpr int kResizedImageSide = 1600;                       // recorded: larger images get a resized copy
constexpr int kThumbnailSide = 256;                           // Emulator: the service's size is not on record

}  // namespace cvemu::customvision::limits
