using System.Text;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Persistence;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Datasets.Check;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Tests.Client;

public class RoomUploadsTests
{
    private const string Dataset = "registry.people";

    /// <summary>Two and a half parts of legal rows.</summary>
    private static readonly byte[] _file = MakeFile();

    [Fact]
    public async Task An_upload_arrives_byte_for_byte_and_its_report_opens()
    {
        var (world, client, uploads, store) = await ReadyAsync();
        var state = (await uploads.BeginAsync(Dataset, SourceOf(_file), World.Cancel)).Value;
        var seen = new List<UploadProgress>();
        state = (await uploads.SendAsync(state, SourceOf(_file), new Collecting(seen), World.Cancel)).Value;
        state = (await new RoomDatasets(client, store).PublishAsync(state, World.Cancel)).Value;

        world.Room.Queries.TakenIn.Should().Equal(_file);
        seen.Select(p => p.PartsDone).Should().Equal(1, 2, 3);
        var view = (await new RoomIngests(client).WaitAsync(RoomDatasets.ManifestOf(state).Value, null, World.Cancel)).Value;
        view.Report!.Rows.Should().BeGreaterThan(100_000);
        view.Statement!.Accepted.Should().BeTrue();
        client.State.CurrentDataset(Dataset)!.Manifest.Schema.Should().StartWith(["id", "age", "male"]);
        client.State.CurrentDataset(Dataset)!.Manifest.Format.Should().Be(SourceFormat.Csv);
    }

    [Fact]
    public async Task An_upload_killed_between_two_parts_goes_on_with_the_missing_parts_only()
    {
        var (world, _, uploads, store) = await ReadyAsync();
        await uploads.BeginAsync(Dataset, SourceOf(_file), World.Cancel);
        BreakAfter(world.Node, parts: 1);
        (await uploads.SendAsync(store.State, SourceOf(_file), null, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.Unavailable);
        store.State.Acknowledged.Select(p => p.Index).Should().Equal(0);

        // Another process: all it has is what was kept.
        var client = (await world.OpenAsync(world.Registry)).Value;
        var again = new RoomUploads(client, store);
        BreakAfter(world.Node, parts: int.MaxValue);
        var before = world.Room.Parts.Count;
        var state = (await again.SendAsync(store.State, SourceOf(_file), null, World.Cancel)).Value;
        world.Room.Parts.Count.Should().Be(before + 2);
        (await new RoomDatasets(client, store).PublishAsync(state, World.Cancel)).IsAccepted.Should().BeTrue();
        world.Room.Queries.TakenIn.Should().Equal(_file);
    }

    [Fact]
    public async Task A_part_that_was_sent_but_not_acknowledged_is_sealed_afresh()
    {
        var (world, _, uploads, store) = await ReadyAsync();
        await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel);
        var node = world.Node;
        var bodies = new List<byte[]>();
        node.Middle = async request =>
        {
            if (request.Method != HttpMethod.Put)
            {
                return null;
            }

            bodies.Add(await request.Content!.ReadAsByteArrayAsync(World.Cancel));
            throw new HttpRequestException(HttpRequestError.ResponseEnded);
        };
        await uploads.SendAsync(store.State, SourceOf(_small), null, World.Cancel);
        await uploads.SendAsync(store.State, SourceOf(_small), null, World.Cancel);
        bodies.Should().HaveCount(2);
        bodies[0].Should().HaveCount(bodies[1].Length);
        bodies[0].AsSpan(0, 40).SequenceEqual(bodies[1].AsSpan(0, 40)).Should().BeFalse("salt and nonce prefix are fresh");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_source_that_changed_is_refused_in_whichever_part(int part)
    {
        var (world, _, uploads, store) = await ReadyAsync();
        await uploads.BeginAsync(Dataset, SourceOf(_file), World.Cancel);
        BreakAfter(world.Node, parts: 2);
        await uploads.SendAsync(store.State, SourceOf(_file), null, World.Cancel);
        var changed = _file.ToArray();
        changed[(part * SourceFacts.PartBytes) + 100] ^= 1;
        BreakAfter(world.Node, parts: int.MaxValue);
        (await uploads.SendAsync(store.State, SourceOf(changed), null, World.Cancel)).Refusals.Should().ContainSingle()
            .Which.Should().Match<Refusal>(r => r.Code == RefusalCode.SourceChanged && r.Wanted.Contains($"part {part}"));
    }

    [Fact]
    public async Task A_source_of_another_time_or_length_is_refused_before_a_byte_is_sent()
    {
        var (world, _, uploads, store) = await ReadyAsync();
        await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel);
        var touched = SourceOf(_small) with { Modified = world.Room.Now };
        var shorter = SourceOf(_small[..^10]);
        (await uploads.SendAsync(store.State, touched, null, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.SourceChanged);
        (await uploads.SendAsync(store.State, shorter, null, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.SourceChanged);
        world.Room.Parts.Should().BeEmpty();
    }

    [Fact]
    public async Task A_node_that_restarted_takes_further_parts_under_a_new_token()
    {
        var (world, _, uploads, store) = await ReadyAsync();
        await uploads.BeginAsync(Dataset, SourceOf(_file), World.Cancel);
        var node = world.Node;
        var sent = 0;
        node.Middle = async request =>
        {
            if (request.Method == HttpMethod.Put && ++sent == 2)
            {
                await world.RestartAsync();
            }

            return null;
        };
        (await uploads.SendAsync(store.State, SourceOf(_file), null, World.Cancel)).Value.IsSent.Should().BeTrue();
    }

    [Fact]
    public async Task What_is_kept_of_an_upload_holds_no_data_key_and_no_row()
    {
        var (world, client, uploads, store) = await ReadyAsync();
        var state = (await uploads.BeginAsync(Dataset, SourceOf(_file), World.Cancel)).Value;
        state = (await uploads.SendAsync(state, SourceOf(_file), null, World.Cancel)).Value;
        await new RoomDatasets(client, store).PublishAsync(state, World.Cancel);
        using var key = (await UploadKeys.OpenAsync(client.OwnerOf(client.State.Active!), store.State, World.Cancel)).Value;
        var kept = Encoding.UTF8.GetString(store.Json);
        kept.Should().NotContain(Convert.ToBase64String(key.Secret.Span)).And.NotContain(Convert.ToHexStringLower(key.Secret.Span));
        kept.Should().NotContain(Encoding.UTF8.GetString(_file, 60, 20));
        (await KeyGrants.OpenFromSelfAsync(
            new BclCryptoBackend(),
            world.Laboratory.Identity.Keys.Receive,
            UploadKeys.UploadSubject(state.Collaboration, state.Dataset, state.Owner, state.Upload, state.ContractDigest),
            state.Key,
            World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Publishing_twice_makes_one_version_and_one_grant()
    {
        var (world, client, uploads, store) = await ReadyAsync();
        var state = (await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel)).Value;
        state = (await uploads.SendAsync(state, SourceOf(_small), null, World.Cancel)).Value;
        var datasets = new RoomDatasets(client, store);
        (await datasets.PublishAsync(state, World.Cancel)).IsAccepted.Should().BeTrue();
        var rows = world.Room.Log!.Rows.Count;
        (await datasets.PublishAsync(store.State, World.Cancel)).IsAccepted.Should().BeTrue();
        world.Room.Log.Rows.Count.Should().Be(rows);
    }

    [Fact]
    public async Task A_manifest_that_another_version_overtook_is_signed_anew()
    {
        var (world, client, uploads, store) = await ReadyAsync();
        var sent = (await uploads.SendAsync((await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel)).Value, SourceOf(_small), null, World.Cancel)).Value;
        world.Node.Middle = request => request.RequestUri!.AbsolutePath.EndsWith("statements", StringComparison.Ordinal)
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : Task.FromResult<HttpResponseMessage?>(null);
        (await new RoomDatasets(client, store).PublishAsync(sent, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.Unavailable);
        BreakAfter(world.Node, parts: int.MaxValue);

        var other = new FakeUploads();
        var otherUploads = new RoomUploads(client, other);
        var second = (await otherUploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel)).Value;
        second = (await otherUploads.SendAsync(second, SourceOf(_small), null, World.Cancel)).Value;
        (await new RoomDatasets(client, other).PublishAsync(second, World.Cancel)).IsAccepted.Should().BeTrue();

        (await new RoomDatasets(client, store).PublishAsync(store.State, World.Cancel)).IsAccepted.Should().BeTrue();
        client.State.Datasets.Values.Select(d => d.Manifest.Version).Order().Should().Equal(1, 2);
    }

    [Fact]
    public async Task Publishing_before_every_part_is_acknowledged_is_refused()
    {
        var (_, client, uploads, store) = await ReadyAsync();
        var state = (await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel)).Value;
        (await new RoomDatasets(client, store).PublishAsync(state, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.UploadIncomplete);
    }

    [Fact]
    public async Task A_withdrawn_version_is_not_current_any_more()
    {
        var (_, client, uploads, store) = await ReadyAsync();
        var datasets = new RoomDatasets(client, store);
        var state = (await uploads.SendAsync((await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel)).Value, SourceOf(_small), null, World.Cancel)).Value;
        state = (await datasets.PublishAsync(state, World.Cancel)).Value;
        (await datasets.WithdrawAsync(RoomDatasets.ManifestOf(state).Value, "a mistake", World.Cancel)).IsAccepted.Should().BeTrue();
        client.State.CurrentDataset(Dataset).Should().BeNull();
    }

    [Fact]
    public async Task A_dataset_of_another_owner_is_refused_before_it_is_read()
    {
        var (_, _, uploads, _) = await ReadyAsync();
        (await uploads.BeginAsync("hospital.events", SourceOf(_small), World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.DatasetUnknown);
    }

    [Fact]
    public async Task A_file_that_breaks_a_rule_is_reported_with_its_row()
    {
        var (_, _, uploads, _) = await ReadyAsync();
        var bad = Encoding.UTF8.GetBytes("id,age,male,weight,height,bmi,case_id,futime,status\n1,300,0,60,163,22.6,1,6261,0\n");
        var report = (await uploads.CheckAsync(Dataset, SourceOf(bad), new CheckOptions(), null, World.Cancel)).Value;
        report.Accepted.Should().BeFalse();
        report.Problems.Should().Contain(problem => problem.Row == 1 && problem.Column == "age");
    }

    [Fact]
    public async Task Parts_sealed_without_a_network_are_sent_later_and_a_changed_one_is_refused()
    {
        var (world, client, uploads, store) = await ReadyAsync();
        var owner = client.OwnerOf(client.State.Active!);
        var parts = new List<byte[]>();
        var state = (await DatasetSealing.BeginAsync(owner, Dataset, SourceOf(_file), World.Cancel)).Value;
        state = (await DatasetSealing.SealAsync(
            owner,
            state,
            SourceOf(_file),
            (_, part, _) =>
            {
                parts.Add(part.ToArray());
                return Task.FromResult(Result.Accept(Digest.Of(part.Span)));
            },
            store,
            null,
            World.Cancel)).Value;
        world.Room.Parts.Should().BeEmpty();

        parts[1][99] ^= 1;
        Task<Result<ReadOnlyMemory<byte>>> Read(int index, CancellationToken cancel) => Task.FromResult(Result.Accept<ReadOnlyMemory<byte>>(parts[index]));
        (await uploads.SendSealedAsync(state, Read, null, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.PartInvalid);
        parts[1][99] ^= 1;
        state = (await uploads.SendSealedAsync(state, Read, null, World.Cancel)).Value;
        (await new RoomDatasets(client, store).PublishAsync(state, World.Cancel)).IsAccepted.Should().BeTrue();
        world.Room.Queries.TakenIn.Should().Equal(_file);
    }

    [Fact]
    public async Task A_suspended_room_takes_no_upload()
    {
        var (_, client, uploads, _) = await ReadyAsync();
        await new RoomContracts(client).SuspendAsync("a look at it", World.Cancel);
        (await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.ContractNotActive);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    public void A_kept_state_that_is_none_is_refused(string json) => ClientCodec.ParseUpload(Encoding.UTF8.GetBytes(json)).IsAccepted.Should().BeFalse();

    [Theory]
    [InlineData("acknowledged")]
    [InlineData("columns")]
    public async Task A_kept_state_with_null_in_a_list_is_refused(string list)
    {
        var (_, _, uploads, store) = await ReadyAsync();
        (await uploads.BeginAsync(Dataset, SourceOf(_small), World.Cancel)).IsAccepted.Should().BeTrue();
        var json = System.Text.Json.Nodes.JsonNode.Parse(store.Json)!;
        var owner = list == "columns" ? json["source"]! : json;
        owner[list]!.AsArray().Add(null);
        ClientCodec.ParseUpload(Encoding.UTF8.GetBytes(json.ToJsonString())).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.DocumentInvalid);
    }

    private static readonly byte[] _small = Encoding.UTF8.GetBytes("id,age,male,weight,height,bmi,case_id,futime,status\n1,57,0,60.5,163,22.6,,6261,0\n");

    private static async Task<(World World, RoomClient Client, RoomUploads Uploads, FakeUploads Store)> ReadyAsync()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        var store = new FakeUploads();
        return (world, client, new RoomUploads(client, store), store);
    }

    private static void BreakAfter(FakeNode node, int parts) => node.Middle = request =>
        request.Method == HttpMethod.Put && parts-- <= 0
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : Task.FromResult<HttpResponseMessage?>(null);

    private static DatasetSource SourceOf(byte[] file)
    {
        Timestamp.TryParse("2026-05-01T00:00:00.000Z", out var modified).Should().BeTrue();
        return new DatasetSource(file.Length, modified, _ => ValueTask.FromResult<Stream>(new MemoryStream(file, writable: false)));
    }

    private static byte[] MakeFile()
    {
        var text = new StringBuilder("id,age,male,weight,height,bmi,case_id,futime,status\n");
        for (var id = 1; text.Length < SourceFacts.PartBytes * 5 / 2; id++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{id},57,{id % 2},60.5,163,22.6909,,6261,{id % 2}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private sealed class Collecting(List<UploadProgress> seen) : IProgress<UploadProgress>
    {
        public void Report(UploadProgress value) => seen.Add(value);
    }
}
