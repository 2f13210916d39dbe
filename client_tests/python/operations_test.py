"""Every operation through the official clients: a success and a failure each, every answer's whole shape compared."""
import unittest

import custom_vision_client  # noqa: F401 (skips without it)
from azure.cognitiveservices.vision.customvision.training.models import (
    ImageFileCreateBatch, ImageFileCreateEntry, ImageIdCreateBatch, ImageIdCreateEntry, ImageRegionCreateEntry,
    ImageTagCreateEntry, ImageUrlCreateBatch, ImageUrlCreateEntry, PredictionQueryToken, Region,
    SuggestedTagAndRegionQueryToken)

from pictures import scene
from vision import NOBODY, NOWHERE, OPERATIONS, Vision

COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
DETECTION, COMPACT_DETECTION = "da2e3a8a-40a5-4171-82f4-58522f70fbc1", "a27d5ca5-bb19-49d8-a70a-fec086c47f5b"
RESOURCE = "/subscriptions/1/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/a"


def ids(objects) -> list:
    return [each.id for each in objects]


def best(prediction) -> str:
    return prediction.predictions[0].tag_name


class Operations(unittest.TestCase):
    def setUp(self):
        self.call = Vision(self)
        self.refuses = self.call.refuses
        self.addCleanup(self.call.emulator.stop)

    def test_every_operation(self):
        for part in (self.projects, self.tags, self.images, self.regions, self.training, self.predictions, self.copies,
                     self.detection):
            with self.subTest(part.__name__):
                part()
        self.assertEqual([name for name in OPERATIONS if name not in self.call.succeeded], [])
        self.assertEqual([name for name in OPERATIONS if name not in self.call.failed], [])

    def fill(self, name: str, domain: str = COMPACT, count: int = 10) -> str:
        """A project with pictures of two kinds; with regions if the domain is one of detection."""
        project = self.call("create_project", name, domain_id=domain,
                            classification_type="Multiclass" if domain == COMPACT else None).id
        for kind in ("disc", "square"):
            tag = self.call("create_tag", project, kind).id
            scenes = [scene(kind, number) for number in range(count)]
            labels = [{"tag_ids": [tag]} if domain == COMPACT else {"regions": [Region(tag_id=tag, **box)]}
                      for _, box in scenes]
            entries = [ImageFileCreateEntry(contents=picture, **label) for (picture, _), label in zip(scenes, labels)]
            self.call("create_images_from_files", project, ImageFileCreateBatch(images=entries))
        return project

    def train(self, project: str, **options):
        iteration = self.call("train_project", project, **options)
        self.call.emulator.advance("2s")
        iteration = self.call("get_iteration", project, iteration.id)
        self.assertEqual(iteration.status, "Completed", iteration.training_error_details)
        return iteration

    def projects(self):
        domains = self.call("get_domains")
        self.assertEqual(len(domains), 18)
        self.assertEqual(self.call("get_domain", domains[5].id), domains[5])
        self.refuses("401", "get_domains", clients=self.call.strangers)
        self.refuses("NotFoundDomain", "get_domain", NOBODY)

        project = self.call("create_project", "plain")
        self.assertEqual((project.description, project.settings.classification_type), ("", "Multilabel"))
        other = self.call("create_project", "other", domain_id=COMPACT, target_export_platforms=["VAIDK", "CoreML"])
        self.refuses("BadRequestProjectUnknownDomain", "create_project", "lost", domain_id=NOBODY)
        self.assertEqual(ids(self.call("get_projects")), [other.id, project.id])
        self.refuses("401", "get_projects", clients=self.call.strangers)
        project.name = "renamed"
        changed = self.call("update_project", project.id, project)
        self.assertEqual((changed.name, changed.settings), ("renamed", project.settings))
        self.refuses("NotFoundProject", "update_project", NOBODY, project)
        self.assertEqual(self.call("get_project", project.id), changed)
        self.refuses("NotFoundProject", "get_project", NOBODY)
        for each in (project, other):
            self.call("delete_project", each.id)
        self.refuses("NotFoundProject", "delete_project", project.id)

    def tags(self):
        project = self.call("create_project", "tags").id
        tag = self.call("create_tag", project, "Tag #0")
        negative = self.call("create_tag", project, "none", description="of them", type="Negative")
        self.assertEqual((tag.description, tag.type, negative.description), (None, "Regular", "of them"))
        self.refuses("BadRequestTagNameNotUnique", "create_tag", project, "none")
        self.assertEqual(set(ids(self.call("get_tags", project))), {tag.id, negative.id})
        self.refuses("NotFoundProject", "get_tags", NOBODY)
        self.assertEqual(self.call("get_tag", project, tag.id), tag)
        self.refuses("NotFoundTag", "get_tag", project, NOBODY)
        tag.name, tag.description = "renamed", "new"
        self.assertEqual(self.call("update_tag", project, tag.id, tag), tag)
        self.refuses("NotFoundTag", "update_tag", project, NOBODY, tag)
        self.call("delete_tag", project, tag.id)
        self.refuses("NotFoundTag", "delete_tag", project, tag.id)

    def images(self):
        project = self.call("create_project", "images").id
        tag = self.call("create_tag", project, "disc").id
        pictures = [scene("disc", number)[0] for number in range(3)]
        first = self.call("create_images_from_data", project, pictures[0], tag_ids=[tag]).images[0].image
        self.refuses("BadRequestImageTags", "create_images_from_data", project, pictures[1], tag_ids=[NOBODY])
        entries = [ImageFileCreateEntry(name="1.bmp", contents=pictures[1]),
                   ImageFileCreateEntry(name="bad", contents=b"no image")]
        batch = ImageFileCreateBatch(images=entries, metadata={"a": "b"})
        summary = self.call("create_images_from_files", project, batch)
        self.assertEqual([entry.status for entry in summary.images], ["OK", "ErrorImageFormat"])
        self.refuses("NotFoundProject", "create_images_from_files", NOBODY, batch)
        second = summary.images[0].image

        elsewhere = self.call("create_project", "from urls").id
        entries = [ImageUrlCreateEntry(url=image.original_image_uri) for image in (first, second)]
        urls = ImageUrlCreateBatch(images=entries)
        self.assertTrue(self.call("create_images_from_urls", elsewhere, urls).is_batch_successful)
        self.refuses("NotFoundProject", "create_images_from_urls", NOBODY, urls)

        self.image_lists(project, tag, first.id, second.id)
        self.image_labels(project, tag, second.id)
        self.assertEqual(b"".join(self.call("get_artifact", project, first.original_image_uri)), pictures[0])
        self.refuses("BadRequestInvalidArtifactUri", "get_artifact", project, "/somewhere/else")
        self.call("delete_images", project, image_ids=[first.id])
        self.call("delete_images", project, all_images=True)
        self.refuses("NotFoundProject", "delete_images", NOBODY, all_images=True)

    def image_lists(self, project: str, tag: str, tagged: str, untagged: str):
        for method, options, expected in (
                ("get_images", {}, [untagged, tagged]),
                ("get_images", {"order_by": "Oldest", "take": 1, "skip": 1}, [untagged]),
                ("get_images", {"filter": "metadata=a eq 'b'"}, [untagged]),
                ("get_tagged_images", {"tag_ids": [tag]}, [tagged]),
                ("get_untagged_images", {}, [untagged]),
                ("get_images_by_ids", {"image_ids": [untagged, tagged]}, [tagged, untagged])):
            self.assertEqual(ids(self.call(method, project, **options)), expected, method)
            self.refuses("NotFoundProject", method, NOBODY, **options)
        for kind, expected in (("", 2), ("tagged_", 1), ("untagged_", 1)):
            self.assertEqual(self.call(f"get_{kind}image_count", project), expected)
            self.refuses("NotFoundProject", f"get_{kind}image_count", NOBODY)

    def image_labels(self, project: str, tag: str, image: str):
        pair = [ImageTagCreateEntry(image_id=image, tag_id=tag)]
        self.assertEqual(self.call("create_image_tags", project, pair).created, pair)
        self.refuses("NotFoundTag", "create_image_tags", project, [ImageTagCreateEntry(image_id=image, tag_id=NOBODY)])
        self.call("delete_image_tags", project, [image], [tag])
        self.refuses("NotFoundProject", "delete_image_tags", NOBODY, [image], [tag])
        updated = self.call("update_image_metadata", project, [image], {"type": "unit test"})
        self.assertEqual(updated.images[0].metadata, {"a": "b", "type": "unit test"})
        self.refuses("BadRequestImageMetadataKey", "update_image_metadata", project, [image], {"k" * 129: "v"})

    def regions(self):
        project = self.call("create_project", "regions", domain_id=DETECTION).id
        tag = self.call("create_tag", project, "disc").id
        picture, box = scene("disc", 3)
        image = self.call("create_images_from_data", project, picture).images[0].image.id
        entry = ImageRegionCreateEntry(image_id=image, tag_id=tag, **box)
        region = self.call("create_image_regions", project, [entry]).created[0].region_id
        self.assertEqual(self.call("get_images_by_ids", project, [image])[0].regions[0].region_id, region)
        entry.left = 1.5
        self.refuses("BadRequestImageRegions", "create_image_regions", project, [entry])
        self.assertTrue(self.call("get_image_region_proposals", project, image).proposals)
        self.refuses("NotFoundImage", "get_image_region_proposals", project, NOBODY)
        self.call("delete_image_regions", project, [region])
        self.refuses("NotFoundProject", "delete_image_regions", NOBODY, [region])

    def training(self):
        project = self.fill("training")
        first = self.train(project)
        self.refuses("BadRequestTrainingNotNeeded", "train_project", project)
        second = self.train(project, force_train=True)
        self.assertEqual(ids(self.call("get_iterations", project)), [second.id, first.id])
        self.assertEqual(self.call("update_iteration", project, second.id, "the best").name, "the best")
        self.refuses("BadRequestIterationNameNotUnique", "update_iteration", project, second.id, first.name)
        self.call("delete_iteration", project, second.id)
        self.refuses("NotFoundProject", "get_iterations", NOBODY)
        for method in ("get_iteration", "get_iteration_performance", "get_image_performances",
                       "get_image_performance_count", "get_exports", "delete_iteration", "unpublish_iteration"):
            self.refuses("NotFoundIteration", method, project, NOBODY)

        performance = self.call("get_iteration_performance", project, first.id, threshold=0.5)
        self.assertEqual({tag.name for tag in performance.per_tag_performance}, {"disc", "square"})
        images = self.call("get_image_performances", project, first.id, take=256)
        self.assertEqual(self.call("get_image_performance_count", project, first.id), len(images))

        self.assertIs(self.call("publish_iteration", project, first.id, "live", RESOURCE), True)
        self.refuses("BadRequestIterationIsPublished", "publish_iteration", project, first.id, "twice", RESOURCE)
        self.call("unpublish_iteration", project, first.id)
        self.assertEqual(self.call("export_iteration", project, first.id, "ONNX").status, "Exporting")
        self.refuses("BadRequestExportAlreadyInProgress", "export_iteration", project, first.id, "ONNX")
        self.call.emulator.advance("1s")
        self.assertEqual([export.status for export in self.call("get_exports", project, first.id)], ["Done"])

    def predictions(self):
        project = self.fill("predictions")
        iteration = self.train(project).id
        self.call("publish_iteration", project, iteration, "the live one", RESOURCE)
        picture = scene("square", 77)[0]
        url = self.call("get_tagged_images", project, order_by="Oldest", take=1)[0].original_image_uri
        for method, tag, value in (("classify_image", "square", picture), ("classify_image_url", "disc", url)):
            for name in (method, method + "_with_no_store"):
                self.assertEqual(best(self.call(name, project, "the live one", value)), tag, name)
                self.refuses("NotFoundIteration", name, project, "unknown", value)
        for method, tag, value in (("quick_test_image", "square", picture), ("quick_test_image_url", "disc", url)):
            self.assertEqual(best(self.call(method, project, value, iteration_id=iteration, store=False)), tag)
        self.refuses("BadRequestImageFormat", "quick_test_image", project, b"no image", iteration_id=iteration)
        self.refuses("BadRequestImageUrl", "quick_test_image_url", project, NOWHERE, iteration_id=iteration)
        self.stored(project)
        self.suggestions(project, iteration)

    def stored(self, project: str):
        results = self.call("query_predictions", project, PredictionQueryToken(order_by="Newest", max_count=0)).results
        self.assertEqual(len(results), 2)
        self.refuses("NotFoundProject", "query_predictions", NOBODY, PredictionQueryToken(order_by="Newest"))
        batch = ImageIdCreateBatch(images=[ImageIdCreateEntry(id=results[1].id)])
        self.assertTrue(self.call("create_images_from_predictions", project, batch).is_batch_successful)
        self.refuses("NotFoundProject", "create_images_from_predictions", NOBODY, batch)
        self.call("delete_prediction", project, [results[0].id])
        self.refuses("NotFoundProject", "delete_prediction", NOBODY, [results[0].id])

    def suggestions(self, project: str, iteration: str):
        tags = ids(self.call("get_tags", project))
        images = ids(self.call("get_untagged_images", project))
        self.assertEqual(ids(self.call("suggest_tags_and_regions", project, iteration, images)), images)
        self.refuses("NotFoundIteration", "suggest_tags_and_regions", project, NOBODY, images)
        token = SuggestedTagAndRegionQueryToken(tag_ids=tags, threshold=0, max_count=10)
        self.assertEqual(ids(self.call("query_suggested_images", project, iteration, token).results), images)
        self.refuses("NotFoundIteration", "query_suggested_images", project, NOBODY, token)
        counts = self.call("query_suggested_image_count", project, iteration, tag_ids=tags, threshold=0)
        self.assertEqual(set(counts), set(tags))
        self.refuses("NotFoundIteration", "query_suggested_image_count", project, NOBODY, tag_ids=tags, threshold=0)

    def copies(self):
        project = self.fill("copies")
        self.train(project)
        parcel = self.call("export_project", project)
        self.assertEqual((parcel.iteration_count, parcel.image_count), (1, 20))
        self.refuses("NotFoundProject", "export_project", NOBODY)
        copy = self.call("import_project", parcel.token)
        self.assertEqual((copy.name, copy.status), ("copies (1)", "Importing"))
        self.refuses("BadRequestInvalidImportToken", "import_project", "no token")
        self.call.emulator.advance("60s")
        self.assertEqual(self.call("get_project", copy.id).status, "Succeeded")

    def detection(self):
        project = self.fill("detection", COMPACT_DETECTION, count=15)
        self.call("publish_iteration", project, self.train(project).id, "live", RESOURCE)
        url = self.call("get_tagged_images", project, take=1)[0].original_image_uri
        for method, value in (("detect_image", scene("disc", 40)[0]), ("detect_image_url", url)):
            kept, lost = (self.call(method + suffix, project, "live", value) for suffix in ("", "_with_no_store"))
            self.assertTrue(kept.predictions)
            self.assertEqual(kept.predictions, lost.predictions)
            for suffix in ("", "_with_no_store"):
                self.refuses("NotFoundIteration", method + suffix, project, "unknown", value)


if __name__ == "__main__":
    unittest.main()
