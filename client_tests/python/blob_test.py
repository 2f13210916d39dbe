"""Every operation of the Blob service through the official client, unmodified, and its own manners."""
import datetime
import hashlib
import io
import unittest

from azure.core import MatchConditions
from azure.core.exceptions import (HttpResponseError, ResourceExistsError, ResourceModifiedError,
                                   ResourceNotFoundError)
from azure.storage.blob import (AccessPolicy, AccountSasPermissions, BlobBlock, BlobClient, BlobSasPermissions,
                                BlobServiceClient, BlobType, ContainerClient, ContainerSasPermissions,
                                ContentSettings, CorsRule, PublicAccess, ResourceTypes, RetentionPolicy,
                                SequenceNumberAction, StandardBlobTier, StaticWebsite, generate_account_sas,
                                generate_blob_sas, generate_container_sas)

from emulator import Emulator

LONG_AGO = datetime.datetime(2020, 1, 1)
FAR_OFF = datetime.datetime(2099, 1, 1)


class Storage(unittest.TestCase):
    """One emulator for a class, one container for a test."""
    number = 0

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.service = BlobServiceClient.from_connection_string(
            cls.emulator.connection_string, max_single_put_size=64 * 1024, max_block_size=16 * 1024,
            max_single_get_size=32 * 1024, max_chunk_get_size=16 * 1024)
        cls.account = cls.service.account_name
        cls.key = cls.service.credential.account_key

    def setUp(self):
        Storage.number += 1
        self.container = self.service.create_container(f"container-{Storage.number}")
        self.blob = self.container.get_blob_client("blob")

    def refused(self, status, code, call, *arguments, **options):
        with self.assertRaises(HttpResponseError) as raised:
            call(*arguments, **options)
        error = raised.exception
        self.assertEqual((error.status_code, getattr(error, "error_code", None)), (status, code))

    def names(self, **options):
        return [blob.name for blob in self.container.list_blobs(**options)]

    def text(self, blob=None, **options):
        return (blob or self.blob).download_blob(**options).readall()

    def readable(self, blob):
        sas = generate_blob_sas(self.account, blob.container_name, blob.blob_name, account_key=self.key,
                                permission="r", expiry=FAR_OFF)
        return f"{blob.url}?{sas}"


class Service(Storage):
    def test_properties_are_kept_and_a_part_left_out_stays(self):
        rule = CorsRule(["http://example.org"], ["GET", "PUT"], allowed_headers=["*"], max_age_in_seconds=60)
        self.service.set_service_properties(cors=[rule], delete_retention_policy=RetentionPolicy(True, 3))
        self.service.set_service_properties(static_website=StaticWebsite(enabled=True, index_document="i.html"))
        found = self.service.get_service_properties()
        self.assertEqual(found["cors"][0].allowed_methods, "GET,PUT")
        self.assertEqual((found["delete_retention_policy"].enabled, found["delete_retention_policy"].days), (True, 3))
        self.assertEqual(found["static_website"].index_document, "i.html")
        self.service.set_service_properties(cors=[], delete_retention_policy=RetentionPolicy(False),
                                            static_website=StaticWebsite(enabled=False))
        self.assertEqual(self.service.get_service_properties()["cors"], [])

    def test_statistics_come_from_the_secondary(self):
        host = self.service.primary_endpoint.split("//")[1].strip("/")
        client = BlobServiceClient.from_connection_string(self.emulator.connection_string,
                                                          secondary_hostname=host + "-secondary")
        self.assertEqual(client.get_service_stats()["geo_replication"]["status"], "live")

    def test_account_information(self):
        self.blob.upload_blob(b"x")
        for client in (self.service, self.container, self.blob):
            self.assertEqual(client.get_account_information()["account_kind"], "StorageV2")

    def test_containers_are_listed_in_pages(self):
        for name in ("list-b", "list-a", "list-c"):
            self.service.create_container(name, metadata={"of": name}, public_access=PublicAccess.BLOB)
        found = list(self.service.list_containers("list-", include_metadata=True, results_per_page=1))
        self.assertEqual([(one.name, one.metadata, one.public_access) for one in found],
                         [(name, {"of": name}, "blob") for name in ("list-a", "list-b", "list-c")])

    def test_blobs_are_found_by_tags(self):
        for number in range(3):
            self.container.upload_blob(f"b{number}", b"x", tags={"of": "find", "n": str(number)})
        where = "\"of\"='find' and \"n\">='1'"
        found = self.service.find_blobs_by_tags(where, results_per_page=1)
        self.assertEqual([blob.name for blob in found], ["b1", "b2"])
        found = list(self.container.find_blobs_by_tags("\"of\"='find'"))
        self.assertEqual([(one.name, one.container_name) for one in found][0], ("b0", self.container.container_name))

    def test_an_account_sas(self):
        def guest(letters, types):
            sas = generate_account_sas(self.account, self.key, ResourceTypes.from_string(types),
                                       AccountSasPermissions.from_string(letters), FAR_OFF)
            return BlobServiceClient(self.service.url.rstrip("/"), credential=sas)
        self.assertTrue(list(guest("l", "s").list_containers()))
        self.refused(403, "AuthorizationResourceTypeMismatch", lambda: list(guest("l", "o").list_containers()))
        # Azure: GetAccountInformation asks for a SAS, not for a permission or a resource type of it.
        self.assertEqual(guest("r", "o").get_account_information()["account_kind"], "StorageV2")
        guest("c", "c").create_container("by-account-sas")
        guest("d", "c").delete_container("by-account-sas")


class Containers(Storage):
    def test_create_properties_metadata_delete(self):
        with self.assertRaises(ResourceExistsError):
            self.container.create_container()
        self.assertTrue(self.container.exists())
        self.container.set_container_metadata({"a": "b"})
        found = self.container.get_container_properties()
        self.assertEqual((found.metadata, found.lease.state, found.public_access), ({"a": "b"}, "available", None))
        self.container.delete_container()
        self.assertFalse(self.container.exists())
        with self.assertRaises(ResourceNotFoundError):
            self.container.delete_container()
        self.service.create_container(self.container.container_name)
        self.service.delete_container(self.container.container_name)

    def test_lease(self):
        lease = self.container.acquire_lease(15)
        self.refused(412, "LeaseIdMissing", self.container.delete_container)
        lease.renew()
        lease.change("11111111-1111-1111-1111-111111111111")
        self.assertEqual(lease.break_lease(0), 0)
        lease.release()
        self.container.acquire_lease(-1).release()
        self.container.delete_container()

    def test_listing_with_everything(self):
        self.container.upload_blob("a & b", b"x", metadata={"K": "v"}, tags={"t": "v"})
        snapshot = self.container.get_blob_client("a & b").create_snapshot()["snapshot"]
        self.container.get_blob_client("uncommitted").stage_block("AAAA", b"x")
        include = ["snapshots", "metadata", "tags", "uncommittedblobs", "copy", "deleted", "versions"]
        found = list(self.container.list_blobs(include=include, results_per_page=1))
        self.assertEqual([(one.name, one.snapshot) for one in found],
                         [("a & b", snapshot), ("a & b", None), ("uncommitted", None)])
        self.assertEqual((found[1].metadata, found[1].tags, found[1].size), ({"K": "v"}, {"t": "v"}, 1))
        self.assertEqual(list(self.container.list_blob_names()), ["a & b"])

    def test_walk(self):
        for name in ("a", "b/1", "b/c/2", "d/1"):
            self.container.upload_blob(name, b"x")
        self.assertEqual([one.name for one in self.container.walk_blobs()], ["b/", "d/", "a"])
        self.assertEqual([one.name for one in self.container.walk_blobs("b/")], ["b/c/", "b/1"])

    def test_policies_and_a_sas_by_policy(self):
        self.blob.upload_blob(b"x")
        policy = AccessPolicy(ContainerSasPermissions(read=True, list=True), FAR_OFF, LONG_AGO)
        self.container.set_container_access_policy({"pol 1": policy}, public_access=PublicAccess.CONTAINER)
        found = self.container.get_container_access_policy()
        self.assertEqual((found["public_access"], found["signed_identifiers"][0].id), ("container", "pol 1"))
        anyone = ContainerClient.from_container_url(self.container.url)
        self.assertEqual([blob.name for blob in anyone.list_blobs()], ["blob"])
        sas = generate_container_sas(self.account, self.container.container_name, self.key, policy_id="pol 1")
        guest = ContainerClient.from_container_url(f"{self.container.url}?{sas}")
        self.container.set_container_access_policy({"pol 1": policy})  # without a level it is private again
        self.assertIsNone(self.container.get_container_access_policy()["public_access"])
        self.assertEqual([blob.name for blob in guest.list_blobs()], ["blob"])
        self.refused(403, "AuthorizationPermissionMismatch", guest.delete_blob, "blob")
        self.container.set_container_access_policy({})
        self.refused(403, "AuthenticationFailed", lambda: list(guest.list_blobs()))

    def test_batches_come_without_the_account(self):
        for name in ("1", "2", "3", "é &"):
            self.container.upload_blob(name, b"x")
        answers = list(self.container.set_standard_blob_tier_blobs(StandardBlobTier.COOL, "1", "2"))
        self.assertEqual([answer.status_code for answer in answers], [200, 200])
        self.assertEqual(self.container.get_blob_client("2").get_blob_properties().blob_tier, "Cool")
        answers = self.container.delete_blobs("1", "missing", "é &", raise_on_any_failure=False)
        self.assertEqual([answer.status_code for answer in answers], [202, 404, 202])
        self.container.delete_blobs(*self.container.list_blobs())
        self.assertEqual(self.names(), [])

    def test_what_was_deleted_comes_back_while_it_is_kept(self):
        self.service.set_service_properties(delete_retention_policy=RetentionPolicy(True, 3))
        self.blob.upload_blob(b"kept")
        self.blob.delete_blob()
        (gone,) = self.container.list_blobs(include=["deleted"])
        self.assertTrue(gone.deleted)
        self.blob.undelete_blob()
        self.assertEqual(self.text(), b"kept")
        self.container.delete_container()
        name = self.container.container_name
        (gone,) = self.service.list_containers(name, include_deleted=True)
        self.service.undelete_container(name, gone.version)
        self.assertEqual(self.text(), b"kept")
        self.service.set_service_properties(delete_retention_policy=RetentionPolicy(False))


class Blobs(Storage):
    def test_uploading_twice_needs_overwrite(self):
        settings = ContentSettings("text/plain", "identity", "fr", "inline", "no-cache")
        self.blob.upload_blob(b"one", metadata={"Ab": "1"}, tags={"t": "v"}, content_settings=settings,
                              standard_blob_tier=StandardBlobTier.COOL, validate_content=True)
        with self.assertRaises(ResourceExistsError) as raised:
            self.blob.upload_blob(b"two")
        self.assertEqual(raised.exception.error_code, "BlobAlreadyExists")
        found = self.blob.get_blob_properties()
        self.assertEqual((found.size, found.metadata, found.tag_count, found.blob_tier), (3, {"Ab": "1"}, 1, "Cool"))
        self.assertEqual(found.content_settings.content_type, "text/plain")
        self.assertEqual(found.content_settings.cache_control, "no-cache")
        self.assertEqual(bytes(found.content_settings.content_md5), hashlib.md5(b"one").digest())
        self.blob.upload_blob(b"two", overwrite=True)
        self.assertEqual(self.text(), b"two")

    def test_an_empty_blob_is_downloaded_after_a_416(self):
        self.blob.upload_blob(b"")
        self.assertEqual(self.text(), b"")
        self.assertEqual(self.blob.download_blob().properties.size, 0)

    def test_big_uploads_go_in_blocks_and_come_in_ranges(self):
        content = b"".join(number.to_bytes(4, "big") for number in range(50_000))
        self.blob.upload_blob(content, max_concurrency=4, validate_content=True)
        self.assertEqual(len(self.blob.get_block_list("committed")[0]), 13)
        self.assertEqual(self.text(max_concurrency=4, validate_content=True), content)
        self.assertEqual(self.text(offset=1000, length=90_000), content[1000:91_000])
        self.blob.upload_blob(io.BytesIO(content[:100]), overwrite=True)
        self.assertEqual(b"".join(self.blob.download_blob().chunks()), content[:100])
        self.blob.upload_blob((content[i:i + 7] for i in range(0, 70, 7)), overwrite=True)
        self.assertEqual(self.text(), content[:70])
        with self.assertRaises(ResourceExistsError):
            self.blob.upload_blob(content)

    def test_names_of_any_kind(self):
        for name in ("a b", "é", "a+b", "100%", "a#b?c&d=e", "\U0001F600", "dir//file", "é" * 1024):
            self.container.upload_blob(name, name.encode())
            self.assertEqual(self.container.download_blob(name).readall(), name.encode())
            self.container.delete_blob(name)
        self.assertEqual(self.names(), [])

    def test_block_lists(self):
        for name in ("a", "b"):
            self.blob.stage_block(name, name.encode(), validate_content=True)
        self.assertFalse(self.blob.exists())
        self.blob.commit_block_list([BlobBlock("b"), BlobBlock("a"), BlobBlock("b")], metadata={"m": "1"})
        self.assertEqual(self.text(), b"bab")
        self.blob.stage_block("c", b"c")
        committed, uncommitted = self.blob.get_block_list("all")
        self.assertEqual([[block.id for block in blocks] for blocks in (committed, uncommitted)],
                         [["b", "a", "b"], ["c"]])
        self.refused(400, "InvalidBlockList", self.blob.commit_block_list, [BlobBlock("z")])

    def test_from_urls(self):
        self.blob.upload_blob(b"0123456789", content_settings=ContentSettings("text/plain"))
        made = self.container.get_blob_client("made")
        made.upload_blob_from_url(self.readable(self.blob))
        self.assertEqual((self.text(made), made.get_blob_properties().content_settings.content_type),
                         (b"0123456789", "text/plain"))
        made.stage_block_from_url("a", self.readable(self.blob), 2, 3)
        made.commit_block_list([BlobBlock("a")])
        self.assertEqual(self.text(made), b"234")

    def test_append_creates_after_a_404(self):
        self.blob.upload_blob(b"one", blob_type=BlobType.AppendBlob)
        self.blob.upload_blob(b"two", blob_type=BlobType.AppendBlob)
        self.assertEqual(self.text(), b"onetwo")
        self.refused(412, "AppendPositionConditionNotMet", self.blob.append_block, b"x", appendpos_condition=3)
        self.refused(412, "MaxBlobSizeConditionNotMet", self.blob.append_block, b"x", maxsize_condition=6)
        answer = self.blob.append_block(b"three", appendpos_condition=6, validate_content=True)
        self.assertEqual((answer["blob_append_offset"], answer["blob_committed_block_count"]), ("6", 3))
        source = self.container.upload_blob("source", b"0123")
        self.blob.append_block_from_url(self.readable(source), 1, 2)
        self.assertTrue(self.blob.seal_append_blob()["blob_sealed"])
        self.refused(409, "BlobIsSealed", self.blob.append_block, b"x")
        self.assertEqual(self.text(), b"onetwothree12")
        self.blob.create_append_blob()
        self.assertEqual(self.text(), b"")

    def test_pages(self):
        self.blob.upload_blob(b"a" * 1024, blob_type=BlobType.PageBlob)
        self.assertEqual(self.text(), b"a" * 1024)
        self.blob.create_page_blob(4096, sequence_number=3)
        self.blob.upload_page(b"a" * 1024, 512, 1024, validate_content=True)
        snapshot = self.blob.create_snapshot()["snapshot"]
        self.blob.clear_page(512, 512)
        self.blob.upload_page(b"b" * 512, 2048, 512)
        self.assertEqual(self.blob.get_page_ranges(),
                         ([{"start": 1024, "end": 1535}, {"start": 2048, "end": 2559}], []))
        self.assertEqual(self.blob.get_page_ranges(previous_snapshot_diff=snapshot),
                         ([{"start": 2048, "end": 2559}], [{"start": 512, "end": 1023}]))
        listed = [(one.start, one.end, one.cleared) for one in self.blob.list_page_ranges(results_per_page=1)]
        self.assertEqual(listed, [(1024, 1535, False), (2048, 2559, False)])
        self.blob.resize_blob(1536)
        self.assertEqual(self.blob.set_sequence_number(SequenceNumberAction.Increment)["blob_sequence_number"], 4)
        self.refused(412, "SequenceNumberConditionNotMet", self.blob.upload_page, b"c" * 512, 0, 512,
                     if_sequence_number_lt=4)
        target = self.container.get_blob_client("target")
        target.create_page_blob(512)
        target.upload_pages_from_url(self.readable(self.blob), 0, 512, 1024)
        self.assertEqual(self.text(target), b"a" * 512)

    def test_snapshots_and_copies(self):
        self.blob.upload_blob(b"old", metadata={"a": "1"}, tags={"t": "v"})
        snapshot = self.container.get_blob_client("blob", snapshot=self.blob.create_snapshot()["snapshot"])
        self.blob.upload_blob(b"new", overwrite=True)
        self.assertEqual((self.text(snapshot), self.text()), (b"old", b"new"))
        copy = self.container.get_blob_client("copy of é +")
        self.assertEqual(copy.start_copy_from_url(snapshot.url)["copy_status"], "success")
        found = copy.get_blob_properties()
        self.assertEqual((found.copy.status, found.copy.progress, found.metadata), ("success", "3/3", {"a": "1"}))
        self.refused(409, "NoPendingCopyOperation", copy.abort_copy, found.copy.id)
        copy.start_copy_from_url(self.readable(self.blob), requires_sync=True, tags={"c": "2"})
        self.assertEqual((self.text(copy), copy.get_blob_tags()), (b"new", {"c": "2"}))
        self.refused(409, "SnapshotsPresent", self.blob.delete_blob)
        self.blob.delete_blob(delete_snapshots="only")
        self.blob.delete_blob(delete_snapshots="include")
        with self.assertRaises(ResourceNotFoundError):
            self.blob.delete_blob()

    def test_headers_metadata_tags_tier(self):
        self.blob.upload_blob(b"x")
        self.blob.set_http_headers(ContentSettings(content_language="fr"))
        self.blob.set_blob_metadata({"a": "1"})
        self.blob.set_blob_tags({"t": "v", "u": ""})
        self.blob.set_standard_blob_tier(StandardBlobTier.ARCHIVE)
        found = self.blob.get_blob_properties()
        self.assertEqual((found.content_settings.content_language, found.metadata, found.blob_tier, found.tag_count),
                         ("fr", {"a": "1"}, "Archive", 2))
        self.refused(409, "BlobArchived", self.text)
        self.blob.set_standard_blob_tier(StandardBlobTier.HOT)
        self.assertEqual(self.blob.get_blob_tags(), {"t": "v", "u": ""})
        self.assertEqual(self.text(if_tags_match_condition="t = 'v'"), b"x")
        self.refused(412, "ConditionNotMet", self.text, if_tags_match_condition="t = 'w'")

    def test_conditions(self):
        etag = self.blob.upload_blob(b"x")["etag"]
        same = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
        other = {"etag": etag, "match_condition": MatchConditions.IfModified}
        self.assertEqual(self.text(**same), b"x")
        with self.assertRaises(HttpResponseError) as raised:
            self.text(**other)
        self.assertEqual(raised.exception.status_code, 304)
        self.refused(412, "ConditionNotMet", self.blob.set_blob_metadata, {}, **other)
        self.blob.set_blob_metadata({}, **same)
        with self.assertRaises(ResourceModifiedError):
            self.blob.set_blob_metadata({}, **same)
        self.refused(412, "ConditionNotMet", self.blob.delete_blob,
                     if_unmodified_since=LONG_AGO.replace(tzinfo=datetime.timezone.utc))

    def test_a_lease_guards_its_blob(self):
        self.blob.upload_blob(b"x")
        lease = self.blob.acquire_lease(15)
        self.refused(412, "LeaseIdMissing", self.blob.upload_blob, b"y", overwrite=True)
        self.blob.upload_blob(b"y", overwrite=True, lease=lease)
        lease.change("22222222-2222-2222-2222-222222222222")
        lease.renew()
        self.assertEqual(lease.break_lease(5), 5)
        self.assertEqual(self.blob.get_blob_properties().lease.state, "breaking")
        lease.release()
        self.blob.delete_blob()

    def test_a_service_sas_gives_what_its_letters_say(self):
        self.blob.upload_blob(b"x")

        def guest(letters, **more):
            sas = generate_blob_sas(self.account, self.container.container_name, "blob", account_key=self.key,
                                    permission=BlobSasPermissions.from_string(letters), expiry=FAR_OFF, **more)
            return BlobClient.from_blob_url(f"{self.blob.url}?{sas}")
        denied = (403, "AuthorizationPermissionMismatch")
        self.refused(*denied, guest("w").download_blob)
        self.refused(*denied, guest("c").upload_blob, b"y", overwrite=True)
        self.refused(*denied, guest("r").get_blob_tags)
        guest("t").set_blob_tags({"a": "b"})
        self.assertEqual(guest("r", content_type="a/b").get_blob_properties().content_settings.content_type, "a/b")
        guest("d").delete_blob()
        guest("c").upload_blob(b"z")
        self.assertEqual(self.text(), b"z")

    def test_what_is_left_out_answers_501(self):
        self.blob.upload_blob(b"x")
        for call in (lambda: self.blob.query_blob("select *"), lambda: self.blob.set_legal_hold(True),
                     self.blob.delete_immutability_policy):
            with self.assertRaises(HttpResponseError) as raised:
                call()
            self.assertEqual(raised.exception.status_code, 501)


if __name__ == "__main__":
    unittest.main()
