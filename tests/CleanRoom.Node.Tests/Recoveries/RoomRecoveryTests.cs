using CleanRoom.Attestation.Insecure;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Recoveries;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Keys.Recoveries;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Node.Tests.Recoveries;

/// <summary>What a member checks before it releases its share: to which node, of which code, over which log. Spec: contracts/spec/0026 s.5, s.6.</summary>
public sealed class RoomRecoveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AskAsync_node_that_the_contract_accepts_is_shown_with_who_has_released()
    {
        var (world, plan) = await LostAsync();

        var recovery = (await AskAsync(world, plan)).Value;

        recovery.Released.Should().Equal("laboratory");
        recovery.Needed.Should().Be(2);
        recovery.Node.Binding.Purpose.Should().Be(BindingPurpose.Recovery);
        recovery.Node.SealingKey.Should().Be(world.Node.Keys.Seal.PublicKey);
    }

    [Fact]
    public async Task ReleaseAsync_gives_the_members_own_share_to_that_node_and_signs_it()
    {
        var (world, plan) = await LostAsync();
        RecoveryReleaseRequest? sent = null;
        world.Room.Release = request =>
        {
            sent = request;
            return Task.FromResult(FakeReply.Json(new RecoveryReleaseResponse(["laboratory", "registry"], 2, "none")));
        };
        var recovery = (await AskAsync(world, plan)).Value;

        (await recovery.ReleaseAsync(world.Registry.Identity, "the machine burned down", Stop)).IsAccepted.Should().BeTrue();

        var (_, statement) = RecoveryStatements.Parse(sent!.Statement.Span).Value;
        statement.Should().BeEquivalentTo(new { Collaborator = "registry", Member = "ada", Reason = "the machine burned down", plan.Set.Set, plan.Set.ContractDigest, Checkpoint = plan.Newest });
        statement.BindingDigest.Should().Be(DocumentCodec.DigestOf(recovery.Node.Binding));
        statement.ReleaseDigest.Should().Be(Digest.Of([.. sent.Enc.Span, .. sent.Ciphertext.Span]));
        var kit = RecoveryKits.Verify(world.Room.Log!.Collaboration, plan.Kit, world.Services.Fold.Signatures).Value;
        RecoveryStatements.Verify(RecoveryStatements.Parse(sent.Statement.Span).Value, sent.Delegation.Span, kit, world.Room.Now, world.Services.Fold.Signatures).IsAccepted.Should().BeTrue();
        using var opened = (await RecoveryShares.OpenReleasedAsync(
            world.Services.Backend, world.Node.Keys.Seal, new RecoveryReleaseSubject(plan.Subject, "ada", statement.BindingDigest), plan.Commitment, new(sent.Enc, sent.Ciphertext), Stop)).Value;
        opened.Commit(plan.Subject).Should().Be(plan.Commitment);
    }

    [Fact]
    public async Task AskAsync_node_of_other_code_is_sent_nothing()
    {
        var (world, plan) = await LostAsync();
        world.Node.RunsOn = InsecureSimulatedMachine.OfBuild("another build");

        (await AskAsync(world, plan)).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);

        world.Node.Requests.Should().NotContain(request => request.Contains("recovery", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AskAsync_evidence_by_other_code_than_the_channels_is_refused()
    {
        var (world, plan) = await LostAsync();
        var offer = world.Room.Offer;
        world.Room.Offer = request =>
        {
            world.Node.RunsOn = InsecureSimulatedMachine.OfBuild("another build");
            return offer(request);
        };

        (await AskAsync(world, plan)).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public async Task AskAsync_evidence_for_another_question_is_refused()
    {
        await RefusesAsync("nonce", binding => binding with { Nonce = new Bytes(new byte[32]) });
        await RefusesAsync("purpose", binding => binding with { Purpose = BindingPurpose.Room });
        await RefusesAsync("purpose", binding => binding with { Purpose = BindingPurpose.Handover });
        await RefusesAsync("collaboration", binding => binding with { Collaboration = new string('a', 64) });
        await RefusesAsync("collaborationKey", binding => binding with { CollaborationKey = binding.SealingKey });
        await RefusesAsync("checkpointKey", binding => binding with { CheckpointKey = new Bytes(new byte[32]) });
        await RefusesAsync("contractDigest", binding => binding with { ContractDigest = Digest.Of("other"u8) });

        static async Task RefusesAsync(string field, Func<Binding, Binding> claim)
        {
            var (world, plan) = await LostAsync();
            world.Node.Claims = binding => binding.Purpose == BindingPurpose.Recovery ? claim(binding) : binding;
            (await AskAsync(world, plan)).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.BindingMismatch && refusal.ToString().Contains(field, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AskAsync_measurement_that_an_owner_has_revoked_is_sent_nothing()
    {
        var (world, _) = await LostAsync();
        var room = (await world.OpenAsync(world.Laboratory)).Value;
        var measurement = room.State.Nodes.Values.Single().Measurement;
        await room.RevokeAsync(RevocationKind.Measurement, measurement, "a flaw", Stop);
        world.Room.Log!.State.RevokedMeasurements.Should().Equal(measurement);
        var plan = Plan(world);

        (await AskAsync(world, plan)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Revoked);

        world.Node.Requests.Should().NotContain(request => request.Contains("recovery", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AskAsync_store_that_is_behind_what_the_member_has_seen_is_refused_with_both()
    {
        var (world, plan) = await LostAsync();
        var log = world.Room.Log!;
        var earlier = log.Copy(log.Rows.Count - 1);

        await RefusesAsync(earlier.Note);
        await RefusesAsync("none");
        await RefusesAsync(log.Sign(log.State.Log.Size, Digest.Of("fork"u8), log.CheckpointKey));
        await RefusesAsync("junk");

        async Task RefusesAsync(string note)
        {
            world.Node.Claims = binding => binding.Purpose == BindingPurpose.Recovery ? binding with { Checkpoint = note } : binding;
            var refusal = (await AskAsync(world, plan)).Refusals.Should().ContainSingle().Subject;
            refusal.Code.Should().Be(RefusalCode.CheckpointInconsistent);
            refusal.Wanted.Should().Contain($"{log.State.Log.Size} rows");
        }
    }

    [Fact]
    public async Task ReleaseAsync_share_that_the_ledger_does_not_commit_to_is_not_sent()
    {
        var (world, plan) = await LostAsync(set => set with
        {
            Shares = [.. set.Shares.Select(share => share.Collaborator == "registry" ? share with { Commitment = Digest.Of("other"u8) } : share)],
        });
        var recovery = (await AskAsync(world, plan)).Value;

        (await recovery.ReleaseAsync(world.Registry.Identity, "the machine burned down", Stop)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task Of_ledger_before_the_shares_says_who_keeps_them_from_being_made()
    {
        var world = await World.ActiveAsync(contract => contract with { Recovery = new RecoveryRules { K = 2 } });
        var room = (await world.OpenAsync(world.Registry)).Value;

        var refusal = RecoveryPlan.Of(room.Mirror, newest: null, world.Registry.Identity, world.Services).Refusals.Should().ContainSingle().Subject;

        refusal.Code.Should().Be(RefusalCode.Unavailable);
        refusal.Got.Should().Be("none in this copy of the ledger");
    }

    private static Task<Result<RoomRecovery>> AskAsync(World world, RecoveryPlan plan) => RoomRecovery.AskAsync(world.Services, World.Address, plan, Stop);

    /// <summary>What the registry's member has in its own copy of the ledger.</summary>
    private static RecoveryPlan Plan(World world)
    {
        var log = world.Room.Log!;
        var mirror = new LedgerMirror(log.Collaboration, world.Services.Fold);
        mirror.Extend([.. log.Rows.Select(row => new Bytes(row))], log.Note, []).IsAccepted.Should().BeTrue();
        return RecoveryPlan.Of(mirror, newest: null, world.Registry.Identity, world.Services).Value;
    }

    /// <summary>A room with a set of shares, and a node that answers as one does that has lost the keys.</summary>
    private static async Task<(World World, RecoveryPlan Plan)> LostAsync(Func<RecoveryShareSet, RecoveryShareSet>? change = null)
    {
        var world = await World.ActiveAsync(contract => contract with { Recovery = new RecoveryRules { K = 2 } });
        var log = world.Room.Log!;
        var made = (await RecoverySharing.MakeAsync(world.Services.Backend, world.Room.Keys, log.State, world.Room.Now, Stop)).Value;
        await world.Room.AppendAsNodeAsync(change?.Invoke(made) ?? made);
        world.Room.Offer = async request =>
        {
            RecoveryKits.Verify(log.Collaboration, request.Kit, world.Services.Fold.Signatures).IsAccepted.Should().BeTrue();
            var attestation = await world.Node.AttestAsync(request.Nonce, BindingPurpose.Recovery);
            return FakeReply.Json(new RecoveryOfferResponse(new Bytes(DocumentCodec.Encode(attestation)), ["laboratory"], 2));
        };
        return (world, Plan(world));
    }
}
