using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Collaborations;
using Microsoft.Extensions.Logging.Abstractions;

namespace CleanRoom.Node.Tests.Ingests;

public sealed class DatasetIngestionTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);

    [Theory]
    [InlineData("swapped")]
    [InlineData("truncated")]
    [InlineData("duplicated")]
    [InlineData("missing")]
    [InlineData("bit")]
    public async Task RunAsync_part_that_the_host_changed_is_an_obstacle_and_goes_on_when_restored(string change)
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var (first, second) = (NameOf(manifest, 0), NameOf(manifest, 1));
        var (kept, other) = (await BytesAsync(first), await BytesAsync(second));
        await ChangeAsync(change, first, second, kept, other);
        var size = room.State.Log.Size;
        var rooms = new InProcessRoom(node, room.State.Collaboration);
        var turn = new IngestTurn(node.Ingestion(), rooms.Grain, NullLogger.Instance);
        var digest = DocumentCodec.DigestOf(manifest);

        (await turn.RunAsync(digest, TestContext.Current.CancellationToken)).Should().Be(WorkOutcome.TryAgain);
        turn.Obstacle!.Code.Should().Be(RefusalCode.PartInvalid);
        (await rooms.RoomAsync()).State.Log.Size.Should().Be(size, "nothing is said of a file that was not read");
        (await _machine.Objects.NamesAsync(ObjectContainer.Derived)).Should().BeEmpty();

        await _machine.Objects.ReplaceAsync(ObjectContainer.Uploads, first, kept);
        await _machine.Objects.ReplaceAsync(ObjectContainer.Uploads, second, other);
        (await turn.RunAsync(digest, TestContext.Current.CancellationToken)).Should().Be(WorkOutcome.Done);
        (await rooms.RoomAsync()).State.Datasets[digest].IsUsable.Should().BeTrue();
        turn.Obstacle.Should().BeNull();
    }

    [Theory]
    [InlineData("reordered")]
    [InlineData("duplicated")]
    [InlineData("other upload")]
    [InlineData("other owner")]
    public async Task RunAsync_manifest_over_parts_of_another_place_is_an_obstacle(string change)
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var (manifest, grant) = await node.SealAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var (foreign, _) = change == "other owner"
            ? await node.SealAsync(room, TestPeople.Lea, Scene.Tests, Scene.PeopleCsv)
            : await node.SealAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var (first, second) = (manifest.Parts[0], manifest.Parts[1]);
        var digests = change switch
        {
            "reordered" => (second.Digest, first.Digest),
            "duplicated" => (first.Digest, first.Digest),
            _ => (foreign.Parts[0].Digest, foreign.Parts[1].Digest),
        };
        await CopyPartsAsync(foreign, manifest.Upload);
        var changed = manifest with
        {
            Parts = [first with { Digest = digests.Item1 }, second with { Digest = digests.Item2 }, .. manifest.Parts.Skip(2)],
        };

        var refused = await RunAsync(node, room, changed, grant);

        refused.Refusals[0].Code.Should().Be(RefusalCode.PartInvalid);
        (await _machine.Objects.NamesAsync(ObjectContainer.Derived)).Should().BeEmpty();
    }

    [Fact]
    public async Task RunAsync_part_that_the_owner_sealed_for_the_same_place_earlier_is_an_obstacle()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        using var key = DataKey.Generate();
        var upload = new string('7', 32);
        byte[] older = [.. Scene.PeopleCsv];
        older[60] ^= 1;
        var (before, _) = await node.SealAsync(room, TestPeople.Ada, Scene.People, older, SourceFormat.Csv, key, upload);
        var (manifest, grant) = await node.SealAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv, SourceFormat.Csv, key, upload);
        await _machine.Objects.ReplaceAsync(ObjectContainer.Uploads, NameOf(manifest, 0), await BytesAsync(NameOf(before, 0)));

        var refused = await RunAsync(node, room, manifest, grant);

        refused.Refusals[0].Code.Should().Be(RefusalCode.PartInvalid);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("contract")]
    [InlineData("owner")]
    public async Task RunAsync_grant_of_another_place_opens_nothing(string change)
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var (manifest, grant) = await node.SealAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var changed = change switch
        {
            "version" => grant with { ManifestDigest = Digest.Of("another version"u8) },
            "contract" => grant with { ContractDigest = Digest.Of("another contract"u8) },
            _ => grant with { Owner = "laboratory" },
        };

        var refused = await RunAsync(node, room, manifest, changed);

        refused.Refusals[0].Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task RunAsync_refused_dataset_gives_a_report_that_only_members_of_the_owner_open()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        byte[] bad = [.. Scene.PeopleCsv, .. "1,30,0,70,170,24,,100,0\n"u8];
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, bad);

        var statement = await node.IngestAsync(room, manifest);

        statement.Accepted.Should().BeFalse();
        statement.Derived.Should().BeEmpty();
        var stored = SealedReports.Decode(await node.Ingestion().ReadReportAsync(statement.ReportCommitment, TestContext.Current.CancellationToken))!;
        stored.Wraps.Select(wrap => $"{wrap.Collaborator}/{wrap.Member}").Should().Equal("registry/ada");
        var context = new ReportContext(manifest.Collaboration, manifest.Dataset, DocumentCodec.DigestOf(manifest));
        using var owner = await _machine.ReceiveKeyAsync(TestPeople.Ada);
        using var stranger = await _machine.ReceiveKeyAsync(TestPeople.Lea);
        var stop = TestContext.Current.CancellationToken;
        var opened = await ReportSealing.OpenAsync(
            _machine.Backend, owner, context, statement.ReportCommitment, stored.Blob.Memory, stored.Wraps, "registry", "ada", stop);
        var refused = await ReportSealing.OpenAsync(
            _machine.Backend, stranger, context, statement.ReportCommitment, stored.Blob.Memory, stored.Wraps, "registry", "ada", stop);
        opened.IsAccepted.Should().BeTrue();
        refused.Refusals[0].Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Theory]
    [InlineData("read Uploads", false)]
    [InlineData("put Derived", false)]
    [InlineData("put Derived", true)]
    [InlineData("append", false)]
    [InlineData("append", true)]
    public async Task RunAsync_store_that_fails_in_the_middle_is_tried_again_to_the_same_end(string call, bool isAfter)
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var digest = DocumentCodec.DigestOf(manifest);
        var rooms = new InProcessRoom(node, room.State.Collaboration);
        var turn = new IngestTurn(node.Ingestion(), rooms.Grain, NullLogger.Instance);
        var fault = HostHooks.FailOnce(call, StorageFailure.Failed);
        (_machine.Hooks.Before, _machine.Hooks.After) = isAfter ? ((Action<string>?)null, fault) : (fault, null);

        (await turn.RunAsync(digest, TestContext.Current.CancellationToken)).Should().Be(WorkOutcome.TryAgain);
        (await turn.RunAsync(digest, TestContext.Current.CancellationToken)).Should().Be(WorkOutcome.Done);

        var state = (await rooms.RoomAsync()).State.Datasets[digest];
        state.IsUsable.Should().BeTrue();
        var names = await _machine.Objects.NamesAsync(ObjectContainer.Derived);
        names.Select(name => name.ToString()).Should().Contain(state.Ingest!.Derived.Single().Name, "what the ledger names is there");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task RunAsync_store_that_refuses_one_of_the_partitions_keeps_none_of_them(int refused)
    {
        using var machine = new Machine(engine) { Ingest = new IngestLimits { PartitionBytes = 2_000 } };
        using var node = await machine.StartAsync();
        var room = await node.ActivateAsync();
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var digest = DocumentCodec.DigestOf(manifest);
        var rooms = new InProcessRoom(node, room.State.Collaboration);
        var turn = new IngestTurn(node.Ingestion(), rooms.Grain, NullLogger.Instance);
        var puts = 0;
        machine.Hooks.Before = name => _ = name == "put Derived" && Interlocked.Increment(ref puts) == refused
            ? throw new StorageException(StorageFailure.Full, "wanted room; got an injected fault", null)
            : 0;

        (await turn.RunAsync(digest, TestContext.Current.CancellationToken)).Should().Be(WorkOutcome.TryAgain);
        (await machine.Objects.NamesAsync(ObjectContainer.Derived)).Should().BeEmpty();
        (await turn.RunAsync(digest, TestContext.Current.CancellationToken)).Should().Be(WorkOutcome.Done);

        var derived = (await rooms.RoomAsync()).State.Datasets[digest].Ingest!.Derived;
        derived.Select(one => one.Partition).Should().Equal(0, 1, 2, 3);
        (await machine.Objects.NamesAsync(ObjectContainer.Derived)).Select(name => name.ToString()).Should().Contain(derived.Select(one => one.Name));
    }

    [Theory]
    [InlineData("bit")]
    [InlineData("missing")]
    public async Task RunAsync_part_that_the_host_changed_keeps_none_of_the_partitions(string change)
    {
        using var machine = new Machine(engine) { Ingest = new IngestLimits { PartitionBytes = 1_000 } };
        using var node = await machine.StartAsync();
        var room = await node.ActivateAsync();
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var second = NameOf(manifest, 1);
        var bytes = await machine.Objects.BytesAsync(ObjectContainer.Uploads, second);
        bytes[100] ^= 1;
        await machine.Objects.ReplaceAsync(ObjectContainer.Uploads, second, bytes);
        if (change == "missing")
        {
            await machine.Objects.Inner.DeleteAsync(ObjectContainer.Uploads, second, CancellationToken.None);
        }

        var turn = new IngestTurn(node.Ingestion(), new InProcessRoom(node, room.State.Collaboration).Grain, NullLogger.Instance);

        (await turn.RunAsync(DocumentCodec.DigestOf(manifest), TestContext.Current.CancellationToken)).Should().Be(WorkOutcome.TryAgain);
        turn.Obstacle!.Code.Should().Be(RefusalCode.PartInvalid);
        (await machine.Objects.NamesAsync(ObjectContainer.Derived)).Should().BeEmpty();
    }

    [Fact]
    public async Task RunAsync_parquet_is_taken_in_like_the_csv_that_it_came_from()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        using var csv = new MemoryStream(Scene.PeopleCsv);
        using var parquet = new MemoryStream();
        var people = room.State.Active!.FindDataset(Scene.People)!;
        using var identifiers = new RoomIdentifiers(room.State.Active.Contract, (await node.Services.Keyring.OpenAsync(room.State.Collaboration, TestContext.Current.CancellationToken)).Value.Keys.GuestOnly);
        await DatasetIngest.RunAsync(csv, people, identifiers, parquet, new Progress<IngestProgress>(), TestContext.Current.CancellationToken);
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, parquet.ToArray(), SourceFormat.Parquet);

        var statement = await node.IngestAsync(room, manifest);

        statement.Accepted.Should().BeTrue();
        (statement.Rows, statement.MaxRowsPerUnit).Should().Be((240, 1));
    }

    [Fact]
    public async Task RunAsync_withdrawn_meanwhile_is_not_appended_and_leaves_no_object()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        var digest = DocumentCodec.DigestOf(manifest);
        var rooms = new InProcessRoom(node, room.State.Collaboration);
        var withdrawn = TestPeople.Ada.Sign(Scene.Of(room).Revoke(RevocationKind.Dataset, digest.ToString()));
        var live = await rooms.RoomAsync();
        _machine.Hooks.After = name =>
        {
            if (name == "put Derived")
            {
                _machine.Hooks.After = null;
                live.AddAsync(withdrawn).GetAwaiter().GetResult();
            }
        };

        var outcome = await new IngestTurn(node.Ingestion(), rooms.Grain, NullLogger.Instance).RunAsync(digest, TestContext.Current.CancellationToken);

        outcome.Should().Be(WorkOutcome.Done);
        live.State.Datasets[digest].Ingest.Should().BeNull();
        _machine.Hooks.Calls.Should().Contain("delete Derived");
    }

    [Fact]
    public async Task Room_keeps_the_bytes_of_versions_that_stand()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        room.MayUpload("registry", Scene.People).Value.Should().BeEquivalentTo(new RoomStorage(0, []));

        var people = await node.UploadAsync(room, TestPeople.Ada, Scene.People, Scene.PeopleCsv);
        room.MayUpload("registry", Scene.People).Value.Should().BeEquivalentTo(new RoomStorage(Scene.PeopleCsv.Length, [people.Upload]));

        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Revoke(RevocationKind.Dataset, $"{DocumentCodec.DigestOf(people)}")));
        room.MayUpload("registry", Scene.People).Value.Should().BeEquivalentTo(new RoomStorage(0, []));
    }

    public void Dispose() => _machine.Dispose();

    private static ObjectName NameOf(DatasetManifest manifest, int part) => PartNames.Of(manifest.Upload, manifest.Parts[part].Digest);

    private Task<byte[]> BytesAsync(ObjectName name) => _machine.Objects.BytesAsync(ObjectContainer.Uploads, name);

    private async Task ChangeAsync(string change, ObjectName first, ObjectName second, byte[] one, byte[] two)
    {
        var flipped = one.ToArray();
        flipped[100] ^= 1;
        var (left, right) = change switch
        {
            "swapped" => (two, one),
            "truncated" => (one[..^1], two),
            "duplicated" => (one, one),
            "bit" => (flipped, two),
            _ => ([], two),
        };
        await _machine.Objects.ReplaceAsync(ObjectContainer.Uploads, first, left);
        await _machine.Objects.ReplaceAsync(ObjectContainer.Uploads, second, right);
        if (change == "missing")
        {
            await _machine.Objects.Inner.DeleteAsync(ObjectContainer.Uploads, first, CancellationToken.None);
        }
    }

    private async Task CopyPartsAsync(DatasetManifest from, string upload)
    {
        foreach (var part in from.Parts)
        {
            using var content = new MemoryStream(await BytesAsync(PartNames.Of(from.Upload, part.Digest)));
            await _machine.Objects.Inner.PutAsync(ObjectContainer.Uploads, PartNames.Of(upload, part.Digest), content, CancellationToken.None);
        }
    }

    /// <summary>The ledger accepted what an owner signed wrongly, or a fold with a bug did: the guest still opens nothing.</summary>
    private static async Task<Result<IngestStatement>> RunAsync(
        NodeProcess node, CleanRoom.Grains.Collaboration.CollaborationRoom room, DatasetManifest manifest, KeyGrant grant)
    {
        var assignment = new CleanRoom.Grains.Messages.IngestAssignment
        {
            Contract = DocumentCodec.Encode(room.State.Active!.Contract),
            Manifest = DocumentCodec.Encode(manifest),
            Grant = DocumentCodec.Encode(grant),
            ReportReaders = [],
        };
        return await node.Ingestion().RunAsync(assignment, new Progress<int>(), TestContext.Current.CancellationToken);
    }
}
