using System.Net;
using System.Text;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Persistence;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Tests.Client;

public class RoomClientTests
{
    private const string NullReason = """{"type":"t","title":"t","status":400,"reasons":[null]}""";

    [Fact]
    public async Task Three_signatures_make_a_contract_active_and_every_client_folds_the_same()
    {
        var world = await World.ActiveAsync();
        var roots = new List<Digest>();
        foreach (var member in world.Members)
        {
            var client = (await world.OpenAsync(member)).Value;
            client.State.ActiveContract.Should().Be(DocumentCodec.DigestOf(world.Contract));
            roots.Add(client.State.Log.Root);
        }

        roots.Distinct().Should().Equal(world.Room.Log!.State.Log.Root);
    }

    [Fact]
    public async Task Opening_remembers_keys_contract_and_checkpoint()
    {
        var world = await World.ActiveAsync();
        await world.OpenAsync(world.Registry);
        var record = world.Registry.Memory.Record!;
        record.CheckpointKey.Should().Be(world.Room.Log!.CheckpointKey.PublicKey);
        record.CollaborationKey.Should().Be(world.Room.Log.SealingKey.PublicKey);
        record.Checkpoint.Should().Be(world.Room.Log.Note);
    }

    [Fact]
    public async Task Opening_when_the_memory_cannot_keep_is_refused()
    {
        var world = await World.ActiveAsync();
        world.Registry.Memory.Fault = new Refusal(RefusalCode.StorageFailed, "a disk", "a full one");
        (await world.OpenAsync(world.Registry)).Refusals.Should().Equal(world.Registry.Memory.Fault);
    }

    [Fact]
    public async Task A_ledger_that_has_not_grown_is_not_remembered_again()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        var before = world.Registry.Memory.Saves;
        (await client.RefreshAsync(World.Cancel)).IsAccepted.Should().BeTrue();
        world.Registry.Memory.Saves.Should().Be(before);
    }

    [Fact]
    public async Task A_checkpoint_that_was_not_kept_is_kept_at_the_next_look()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        world.Registry.Memory.Fault = new Refusal(RefusalCode.StorageFailed, "a disk", "a full one");
        (await new RoomContracts(client).SuspendAsync("a look at it", World.Cancel)).Refusals.Should().Equal(world.Registry.Memory.Fault);
        world.Registry.Memory.Fault = null;
        (await client.RefreshAsync(World.Cancel)).IsAccepted.Should().BeTrue();
        world.Registry.Memory.Record!.Checkpoint.Should().Be(world.Room.Log!.Note);
    }

    [Fact]
    public async Task Evidence_over_another_nonce_is_refused()
    {
        var world = await World.ActiveAsync();
        world.Node.Claims = binding => binding with { Nonce = new Bytes(new byte[32]) };
        (await world.OpenAsync(world.Registry)).Refusals.Should().ContainSingle()
            .Which.Should().Match<Refusal>(r => r.Code == RefusalCode.BindingMismatch && r.Wanted.StartsWith("binding.nonce"));
    }

    [Fact]
    public async Task The_same_evidence_twice_is_refused()
    {
        var world = await World.ActiveAsync();
        byte[]? recorded = null;
        var node = world.Node;
        node.Middle = async request =>
        {
            if (request.Method != HttpMethod.Get)
            {
                return null;
            }

            recorded ??= DocumentCodec.Encode(await node.AttestAsync(NonceOf(request), BindingPurpose.Room));
            return new HttpResponseMessage { Content = new ByteArrayContent(recorded) };
        };
        await world.OpenAsync(world.Registry);
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.BindingMismatch);
    }

    [Fact]
    public async Task Relayed_evidence_under_another_sealing_key_is_refused()
    {
        var world = await World.ActiveAsync();
        var stranger = await FakeNode.StartAsync(world.Time, new FakeRoom(world.Time, world.Services.Fold));
        var node = world.Node;
        node.Middle = async request =>
        {
            if (request.Method != HttpMethod.Get)
            {
                return null;
            }

            var genuine = await node.AttestAsync(NonceOf(request), BindingPurpose.Room);
            var relayed = genuine with { Binding = genuine.Binding with { SealingKey = stranger.Keys.Seal.PublicKey } };
            return new HttpResponseMessage { Content = new ByteArrayContent(DocumentCodec.Encode(relayed)) };
        };
        (await world.OpenAsync(world.Registry)).Refusals.Should().Contain(r => r.Code == RefusalCode.BindingMismatch && r.Wanted.StartsWith("report-data"));
    }

    [Fact]
    public async Task A_node_with_another_measurement_is_refused()
    {
        var world = await World.ActiveAsync();
        world.Node.RunsOn = Attestation.Insecure.InsecureSimulatedMachine.OfBuild("another build");
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Contain(RefusalCode.EvidenceNotAccepted);
    }

    [Theory]
    [InlineData("collaborationKey")]
    [InlineData("checkpointKey")]
    public async Task A_known_room_with_other_keys_is_refused(string field)
    {
        var world = await World.ActiveAsync();
        world.Node.Claims = binding => field == "checkpointKey"
            ? binding with { CheckpointKey = new Bytes(new byte[32]) }
            : binding with { CollaborationKey = world.Node.Keys.Seal.PublicKey };
        (await world.OpenAsync(world.Registry)).Refusals.Should().ContainSingle().Which.Wanted.Should().StartWith($"binding.{field}");
    }

    [Fact]
    public async Task At_first_contact_keys_that_row_0_does_not_have_are_refused()
    {
        var world = await World.ActiveAsync();
        world.Registry.Memory.Record = RoomRecord.Invited(world.Room.Log!.Collaboration, world.Contract);
        world.Node.Claims = binding => binding with { CollaborationKey = world.Node.Keys.Seal.PublicKey };
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.BindingMismatch);
    }

    [Fact]
    public async Task A_room_of_another_contract_than_the_member_was_shown_is_refused()
    {
        var world = await World.ActiveAsync();
        world.Registry.Memory.Record = RoomRecord.Invited(world.Room.Log!.Collaboration, world.Contract with { Title = "Another" });
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.ContractConflict);
    }

    [Fact]
    public async Task A_binding_that_names_a_contract_nobody_signed_is_refused()
    {
        var world = await World.ActiveAsync();
        world.Node.Claims = binding => binding with { ContractDigest = Digest.Of("another"u8) };
        (await world.OpenAsync(world.Registry)).Refusals.Should().ContainSingle()
            .Which.Should().Match<Refusal>(r => r.Code == RefusalCode.BindingMismatch && r.Wanted.Contains("all have signed"));
    }

    [Fact]
    public async Task An_amendment_that_all_signed_is_followed_by_a_member_that_was_away()
    {
        var world = await World.ActiveAsync();
        var next = world.Contract with { Version = 2, Previous = DocumentCodec.DigestOf(world.Contract), Purpose = "More of the same." };
        (await new RoomContracts((await world.OpenAsync(world.Registry)).Value).AmendAsync(next, World.Cancel)).IsAccepted.Should().BeTrue();
        foreach (var member in world.Members.Skip(1))
        {
            // The hospital's client has not seen the proposal before it signs.
            (await new RoomContracts((await world.OpenAsync(member)).Value).SignAsync(next, World.Cancel)).IsAccepted.Should().BeTrue();
        }

        world.Registry.Memory.Record!.Contract.Version.Should().Be(1);
        (await world.OpenAsync(world.Registry)).IsAccepted.Should().BeTrue();
        world.Registry.Memory.Record!.Contract.Version.Should().Be(2);
    }

    [Fact]
    public async Task A_session_that_expires_is_renewed_by_itself()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        world.Time.Advance(TimeSpan.FromMinutes(20));
        (await client.RefreshAsync(World.Cancel)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_session_that_the_node_ended_early_is_renewed_by_itself()
    {
        var world = await World.ActiveAsync();
        world.Room.SessionLife = TimeSpan.FromSeconds(10);
        var client = (await world.OpenAsync(world.Registry)).Value;
        world.Time.Advance(TimeSpan.FromMinutes(1));
        (await client.RefreshAsync(World.Cancel)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_right_that_is_missing_is_told_after_one_new_sign_in()
    {
        var world = await World.ActiveAsync();
        world.Room.SessionLife = TimeSpan.FromSeconds(-1);
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.Stale);
    }

    [Fact]
    public async Task A_session_token_is_worth_nothing_in_another_channel()
    {
        var world = await World.ActiveAsync();
        var record = world.Registry.Memory.Record!;
        var first = (await RoomLink.OpenAsync(world.Services, World.Address, record, World.Cancel)).Value;
        var session = (await first.SignInAsync(record.Collaboration, world.Registry.Identity, World.Cancel)).Value;
        var binding = (await NodeQuestion.AskAsync(world.Services, World.Address, record, World.Cancel)).Value.Attestation.Binding;
        var other = new ChannelClient(new BclCryptoBackend(), binding.SealingKey, DocumentCodec.DigestOf(binding), world.Time);
        var stolen = new ChannelRequest
        {
            Method = "GET", Path = $"/v1/collaborations/{record.Collaboration}/rows?from=0&count=1", Authorization = session.Token.ToString(), Body = default,
        };
        using var call = (await other.SealAsync(stolen, World.Cancel)).Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://room.test" + stolen.Path) { Content = new ReadOnlyMemoryContent(call.SealedRequest) };
        request.Headers.Add("CleanRoom-Method", "GET");
        using var invoker = new HttpMessageInvoker(world.Node, disposeHandler: false);
        using var response = await invoker.SendAsync(request, World.Cancel);
        using var frames = (await call.OpenStreamAsync(await response.Content.ReadAsStreamAsync(World.Cancel), World.Cancel)).Value;
        frames.Status.Should().NotBe(200);
        Encoding.UTF8.GetString((await frames.ReadAsync(World.Cancel)).Value.Data.Span).Should().Contain("not-permitted");
    }

    [Fact]
    public async Task A_node_that_restarted_is_verified_anew_and_witnessed_back_to_life()
    {
        var world = await World.ActiveAsync();
        var clients = new List<RoomClient>();
        foreach (var member in world.Members)
        {
            clients.Add((await world.OpenAsync(member)).Value);
        }

        await world.RestartAsync();
        foreach (var client in clients)
        {
            world.Room.IsFresh.Should().BeFalse();
            (await client.RefreshAsync(World.Cancel)).IsAccepted.Should().BeTrue();
        }

        world.Room.IsFresh.Should().BeTrue();
        world.Node.Requests.Count(r => r.StartsWith("GET /v1/attestation")).Should().Be(clients.Count);
        (await new RoomContracts(clients[0]).SuspendAsync("a look at it", World.Cancel)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_node_that_restarted_with_other_code_is_refused()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        await world.RestartAsync();
        world.Node.RunsOn = Attestation.Insecure.InsecureSimulatedMachine.OfBuild("another build");
        (await client.RefreshAsync(World.Cancel)).Refusals.Select(r => r.Code).Should().Contain(RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public async Task A_call_that_a_read_only_room_refuses_is_repeated_after_the_witness_has_answered()
    {
        var world = await World.ActiveAsync();
        await world.RestartAsync();
        foreach (var member in world.Members.Skip(1))
        {
            await world.OpenAsync(member);
        }

        var client = (await world.OpenAsync(world.Registry)).Value;
        (await new RoomContracts(client).SuspendAsync("a look at it", World.Cancel)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_read_only_room_that_waits_for_others_stays_read_only()
    {
        var world = await World.ActiveAsync();
        await world.RestartAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        (await new RoomContracts(client).SuspendAsync("a look at it", World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.ReadOnly);
        (await client.StatusAsync(World.Cancel)).Value.MissingWitnesses.Should().BeEquivalentTo("laboratory", "hospital");
    }

    /// <summary>Whoever calls again instead would sign a second statement, and the first may be in the ledger already.</summary>
    [Fact]
    public async Task A_patient_client_sends_the_same_statement_until_the_others_have_witnessed()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Laboratory, TimeSpan.FromMinutes(10))).Value;
        await world.RestartAsync();

        var suspending = new RoomContracts(client).SuspendAsync("a look at it", World.Cancel);
        suspending.IsCompleted.Should().BeFalse("it waits for the others");
        await world.WitnessAsync();
        while (!suspending.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await suspending).IsAccepted.Should().BeTrue();
        client.State.Suspension.Should().NotBeNull();
    }

    [Fact]
    public async Task A_statement_that_was_acknowledged_and_not_appended_is_noticed()
    {
        var world = await World.ActiveAsync();
        world.Room.Swallows = true;
        var client = (await world.OpenAsync(world.Registry)).Value;
        (await new RoomContracts(client).SuspendAsync("a look at it", World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.RowInvalid);
    }

    [Fact]
    public async Task What_a_client_remembers_is_read_back_as_it_was()
    {
        var world = await World.ActiveAsync();
        var record = world.Registry.Memory.Record!;
        var read = ClientCodec.ParseRecord(ClientCodec.Encode(record)).Value;
        DocumentCodec.DigestOf(read.Contract).Should().Be(DocumentCodec.DigestOf(record.Contract));
        (read with { Contract = record.Contract }).Should().Be(record);
        var half = ClientCodec.Encode(record with { CollaborationKey = default });
        ClientCodec.ParseRecord(half).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.DocumentInvalid);
    }

    [Fact]
    public async Task A_room_that_does_not_answer_is_a_refusal_of_the_network()
    {
        var world = await World.ActiveAsync();
        world.Node.Middle = _ => throw new HttpRequestException(HttpRequestError.ConnectionError);
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.Unavailable);
    }

    [Fact]
    public async Task Words_from_outside_the_channel_are_not_repeated()
    {
        var world = await World.ActiveAsync();
        world.Node.Middle = request => Task.FromResult(request.Method == HttpMethod.Post
            ? FakeNode.Outer(new Refusal(RefusalCode.MemberRevoked, "pay first", "no payment"))
            : null);
        (await world.OpenAsync(world.Registry)).Refusals.Should().ContainSingle()
            .Which.Should().Match<Refusal>(r => r.Code == RefusalCode.Unavailable && !r.ToString().Contains("pay"));
    }

    [Fact]
    public async Task A_problem_from_outside_with_a_reason_that_is_null_is_a_refusal()
    {
        var world = await World.ActiveAsync();
        world.Node.Middle = request => Task.FromResult(request.Method == HttpMethod.Post
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent(NullReason) }
            : null);
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.Unavailable);
    }

    [Fact]
    public void A_problem_of_the_room_with_a_reason_that_is_null_is_none() =>
        Problems.Read(400, Problems.MediaType, Encoding.UTF8.GetBytes(NullReason))
            .Should().Equal(new Refusal(RefusalCode.ChannelInvalid, "an answer or a problem", "status 400"));

    [Fact]
    public async Task Someone_who_forgets_every_binding_makes_a_call_end_and_not_loop()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        world.Node.Middle = request => Task.FromResult(request.Method == HttpMethod.Post
            ? FakeNode.Outer(new Refusal(RefusalCode.BindingMismatch, "a binding", "another"))
            : null);
        (await client.RefreshAsync(World.Cancel)).IsAccepted.Should().BeFalse();
        world.Node.Requests.Count.Should().BeLessThan(40);
    }

    [Fact]
    public async Task A_node_that_is_not_fit_is_not_proposed_to()
    {
        var world = await World.MakeAsync();
        world.Node.RunsOn = Attestation.Insecure.InsecureSimulatedMachine.OfBuild("another build");
        var proposed = await ContractProposal.ProposeAsync(
            world.Services, World.Address, world.Contract, world.Registry.Identity, [world.Registry.Delegation], world.Registry.Memory, World.Cancel);
        proposed.Refusals.Select(r => r.Code).Should().Contain(RefusalCode.EvidenceNotAccepted);
        world.Node.Requests.Should().NotContain(r => r.StartsWith("POST"));
    }

    [Theory]
    [InlineData("ftp://room.test")]
    [InlineData("http://room.test/path")]
    [InlineData("http://user@room.test")]
    [InlineData("http://room.test/?x=1")]
    [InlineData("room.test")]
    [InlineData(null)]
    public void An_address_with_more_than_an_origin_is_refused(string? text) => RoomAddress.Parse(text).IsAccepted.Should().BeFalse();

    private static Bytes NonceOf(HttpRequestMessage request) => new(Convert.FromHexString(request.RequestUri!.Query["?nonce=".Length..][..64]));
}
