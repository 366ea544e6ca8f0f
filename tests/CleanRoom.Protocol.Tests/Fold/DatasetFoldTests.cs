using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Manifests, grants and ingest statements.</summary>
public sealed class DatasetFoldTests
{
    private static readonly DatasetManifest _manifest = TestStages.Active.Manifest("registry.people");
    private static readonly TestRoom _uploaded = TestStages.Active.Append(Ada.Sign(_manifest));
    private static readonly TestRoom _granted = _uploaded.Append(Ada.Sign(_uploaded.Grant(_manifest)));

    [Fact]
    public void Dataset_is_usable_when_it_is_granted_and_taken_in()
    {
        _uploaded.State.CurrentDataset("registry.people").Should().BeNull();
        _granted.State.CurrentDataset("registry.people").Should().BeNull();
        _granted.Append(_granted.ByNode(_granted.Ingest(_manifest))).State.CurrentDataset("registry.people")!.Owner.Should().Be("registry");
    }

    [Fact]
    public void Manifest_by_an_owner_of_another_collaborator_is_refused() =>
        TestStages.Active.Refuses(Lea.Sign(_manifest), RefusalCode.NotPermitted);

    [Fact]
    public void Manifest_of_a_dataset_that_the_contract_does_not_have_is_refused() =>
        TestStages.Active.Refuses(Ada.Sign(_manifest with { Dataset = "registry.other" }), RefusalCode.DatasetUnknown);

    [Fact]
    public void Manifest_that_does_not_follow_the_newest_version_is_refused()
    {
        TestStages.Active.Refuses(Ada.Sign(_manifest with { Version = 2 }), RefusalCode.Stale);
        TestStages.Active.Refuses(Ada.Sign(_manifest with { Previous = Digest.Of("unknown"u8) }), RefusalCode.Stale);
        _uploaded.Refuses(Ada.Sign(_manifest with { Upload = "ffffffffffffffffffffffffffffffff" }), RefusalCode.Stale, "version 1 is there");
        _uploaded.Accepts(Ada.Sign(_manifest with { Version = 2, Previous = DocumentCodec.DigestOf(_manifest) }));
    }

    [Fact]
    public void Manifest_whose_parts_do_not_cover_the_source_is_refused()
    {
        var (first, second) = (_manifest.Parts[0], _manifest.Parts[1]);
        RefusesParts([second, first], "swapped");
        RefusesParts([first], "one dropped");
        RefusesParts([first, second with { Index = 2 }], "misnumbered");
        RefusesParts([first, second, second], "one twice");
        RefusesParts([first, second with { Offset = 99 }], "overlapping");
        RefusesParts([first, second with { Bytes = 2 }], "longer than the source");
        RefusesParts([first with { Bytes = 0 }, second with { Offset = 0 }], "an empty part");
        RefusesParts([first with { Bytes = -1 }, second with { Offset = -1 }], "a negative part");
        TestStages.Active.Refuses(Ada.Sign(_manifest with { Parts = [] }), RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Grant_by_another_owner_is_refused()
    {
        _uploaded.Refuses(Lea.Sign(_uploaded.Grant(_manifest)), RefusalCode.NotPermitted);
        _uploaded.Refuses(Lea.Sign(_uploaded.Grant(_manifest) with { Owner = "laboratory" }), RefusalCode.NotPermitted);
        _uploaded.Refuses(Ada.Sign(_uploaded.Grant(_manifest) with { Owner = "laboratory" }), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Grant_for_an_unknown_or_another_datasets_manifest_is_refused()
    {
        _uploaded.Refuses(Ada.Sign(_uploaded.Grant(_manifest) with { ManifestDigest = Digest.Of("unknown"u8) }), RefusalCode.DatasetUnknown);
        _uploaded.Refuses(Lea.Sign(_uploaded.Grant(_manifest) with { Dataset = "laboratory.tests" }), RefusalCode.DatasetUnknown);
    }

    [Fact]
    public void Grant_for_a_withdrawn_version_is_refused()
    {
        var withdrawn = _uploaded.Append(Ada.Sign(_uploaded.Revoke(RevocationKind.Dataset, DocumentCodec.DigestOf(_manifest).ToString())));

        withdrawn.Refuses(Ada.Sign(withdrawn.Grant(_manifest)), RefusalCode.Revoked);
    }

    [Fact]
    public void Grant_of_another_form_is_refused()
    {
        _uploaded.Refuses(Ada.Sign(_uploaded.Grant(_manifest) with { Enc = new Bytes(new byte[64]) }), RefusalCode.DocumentInvalid);
        _uploaded.Refuses(Ada.Sign(_uploaded.Grant(_manifest) with { Ciphertext = new Bytes(new byte[32]) }), RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Ingest_without_a_grant_or_a_second_time_is_refused()
    {
        var taken = _granted.Append(_granted.ByNode(_granted.Ingest(_manifest)));

        _uploaded.Refuses(_uploaded.ByNode(_uploaded.Ingest(_manifest)), RefusalCode.DatasetRejected);
        taken.Refuses(taken.ByNode(_granted.Ingest(_manifest) with { Rows = 1 }), RefusalCode.DatasetRejected);
    }

    [Fact]
    public void Ingest_of_an_unknown_withdrawn_or_swapped_version_is_refused()
    {
        var ingest = _granted.Ingest(_manifest);
        var withdrawn = _granted.Append(Ada.Sign(_granted.Revoke(RevocationKind.Dataset, DocumentCodec.DigestOf(_manifest).ToString())));

        _granted.Refuses(_granted.ByNode(ingest with { ManifestDigest = Digest.Of("unknown"u8) }), RefusalCode.DatasetUnknown);
        _granted.Refuses(_granted.ByNode(ingest with { Dataset = "laboratory.tests" }), RefusalCode.DatasetUnknown);
        withdrawn.Refuses(withdrawn.ByNode(ingest), RefusalCode.DatasetRejected);
    }

    [Fact]
    public void Ingest_that_contradicts_itself_or_the_contract_is_refused()
    {
        var ingest = _granted.Ingest(_manifest);

        _granted.Refuses(_granted.ByNode(ingest with { Derived = [] }), RefusalCode.DocumentInvalid, "accepted without an object");
        _granted.Refuses(_granted.ByNode(ingest with { Accepted = false }), RefusalCode.DocumentInvalid, "refused with an object");
        _granted.Refuses(_granted.ByNode(ingest with { Rows = -1 }), RefusalCode.DocumentInvalid);
        _granted.Refuses(_granted.ByNode(ingest with { MaxRowsPerUnit = -1 }), RefusalCode.DocumentInvalid);
        _granted.Refuses(_granted.ByNode(ingest with { MaxRowsPerUnit = 2 }), RefusalCode.DatasetRejected, "the contract allows one row for each person");
    }

    /// <summary>SQL relies on it: it is said of what can have it.</summary>
    [Fact]
    public void Ingest_of_rows_that_all_have_a_unit_is_an_accepted_one()
    {
        var ingest = _granted.Ingest(_manifest);

        _granted.Accepts(_granted.ByNode(ingest with { EveryRowHasUnit = true }));
        _granted.Refuses(_granted.ByNode(ingest with { EveryRowHasUnit = true, Accepted = false, Derived = [] }), RefusalCode.DocumentInvalid, "a refused version has no rows");
    }

    [Fact]
    public void Ingest_lists_its_partitions_in_order()
    {
        var ingest = _granted.Ingest(_manifest);
        var whole = ingest.Derived[0];
        ImmutableArray<DerivedObject> Split(params int[] partitions) => [.. partitions.Select(partition => whole with { Partition = partition })];

        foreach (var count in new[] { 1, 2, 4, 64 })
        {
            _granted.Accepts(_granted.ByNode(ingest with { Derived = Split([.. Enumerable.Range(0, count)]) }));
        }

        _granted.Refuses(_granted.ByNode(ingest with { Derived = Split(1) }), RefusalCode.DocumentInvalid);
        _granted.Refuses(_granted.ByNode(ingest with { Derived = Split(0, 0) }), RefusalCode.DocumentInvalid);
        _granted.Refuses(_granted.ByNode(ingest with { Derived = Split(1, 0) }), RefusalCode.DocumentInvalid);
        _granted.Refuses(_granted.ByNode(ingest with { Derived = Split(0, 1, 2) }), RefusalCode.DocumentInvalid, "no power of two");
        _granted.Refuses(_granted.ByNode(ingest with { Derived = Split([.. Enumerable.Range(0, 128)]) }), RefusalCode.DocumentInvalid, "too many");
    }

    [Fact]
    public void Version_that_the_guest_refused_is_not_usable_and_a_better_one_may_follow()
    {
        var refused = _granted.Append(_granted.ByNode(_granted.Ingest(_manifest) with { Accepted = false, Derived = [], MaxRowsPerUnit = 7 }));

        refused.State.CurrentDataset("registry.people").Should().BeNull();
        refused.Accepts(Ada.Sign(_manifest with { Version = 2, Previous = DocumentCodec.DigestOf(_manifest) }));
    }

    [Fact]
    public void Newer_version_replaces_the_one_before_for_new_queries()
    {
        var newer = TestStages.Supply(TestStages.Supplied, "registry.people", Ada);

        newer.Refuses(Hana.Sign(newer.Query() with { Inputs = TestStages.Question.Inputs }), RefusalCode.DatasetUnknown);
        newer.Accepts(Hana.Sign(newer.Query()));
    }

    private static void RefusesParts(ImmutableArray<SealedPart> parts, string because) =>
        TestStages.Active.Refuses(Ada.Sign(_manifest with { Parts = parts }), RefusalCode.PartInvalid, because);
}
