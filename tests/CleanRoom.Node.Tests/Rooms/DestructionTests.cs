using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Rooms;

/// <summary>What a node certifies after the end, and what a member accepts of it. Spec: contracts/spec/0024.</summary>
public sealed class DestructionTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Termination_leaves_a_certificate_that_holds_against_the_ledger()
    {
        using var node = await _machine.StartAsync();
        var (room, ledger) = await EndAsync(node);

        var certificate = (await CertificatesAsync(node, room)).Should().ContainSingle().Subject;

        certificate.Destruction.Erased.Should().Equal(ErasedSecret.KeysInMemory, ErasedSecret.SealedCopy);
        var verified = Check(certificate, ledger).Value;
        verified.IsNamed.Should().BeTrue();
        verified.Certificate.Attestation.Binding.BootId.Should().Be(node.Services.Node.BootId);
    }

    [Fact]
    public async Task Each_node_of_a_cluster_that_held_the_secret_certifies_for_itself()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        using var third = await _machine.StartPeerAsync("three");
        first.Peers.Meet(second.Holder);
        first.Peers.Meet(third.Holder);
        second.Peers.Meet(first.Holder);
        var room = await first.ActivateAsync();
        (await second.OpenAsync(room.State.Collaboration)).IsAccepted.Should().BeTrue();
        await room.CatchUpAsync(Stop);
        await TerminateAsync(room);
        var ledger = await MirrorAsync(room);

        var certificates = await CertificatesAsync(third, room);

        certificates.Select(certificate => Check(certificate, ledger).Value.Certificate.Attestation.Binding.BootId)
            .Should().BeEquivalentTo([first.Services.Node.BootId, second.Services.Node.BootId], "the third never had anything to erase");
    }

    [Fact]
    public async Task Termination_that_a_crash_cut_off_is_certified_by_the_next_start()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        _machine.Hooks.Before = HostHooks.FailOnce("delete secret", StorageFailure.Failed);
        var failing = () => TerminateAsync(room);
        await failing.Should().ThrowAsync<StorageException>();
        (await CertificatesAsync(node, room)).Should().BeEmpty("nothing is certified before all is erased");
        var ledger = await MirrorAsync(room);

        using var next = await _machine.StartAsync();
        await next.OpenAsync(room.State.Collaboration);

        var certificate = (await CertificatesAsync(next, room)).Should().ContainSingle().Subject;
        Check(certificate, ledger).Value.IsNamed.Should().BeFalse("the ledger had ended when this start began");
    }

    [Fact]
    public async Task Store_that_keeps_no_certificate_keeps_no_key_either()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Terminate("ada")), TestPeople.Lea.Sign(Scene.Of(room).Terminate("lea")));
        var appends = 0;
        _machine.Hooks.Before = call =>
        {
            if (call == "append" && ++appends == 2)
            {
                throw new StorageException(StorageFailure.Full, "no room", null);
            }
        };

        await room.AddAsync(TestPeople.Hal.Sign(Scene.Of(room).Terminate("hal")));

        room.State.IsTerminated.Should().BeTrue();
        appends.Should().Be(2);
        node.Services.Keyring.FindHeld(room.State.Collaboration).Should().BeNull();
        (await CertificatesAsync(node, room)).Should().BeEmpty();
    }

    [Fact]
    public async Task Room_that_never_began_leaves_no_certificate()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        await node.Services.Keyring.DestroyAsync(room.State.Collaboration, ended: null, Stop);

        (await CertificatesAsync(node, room)).Should().BeEmpty();
    }

    [Fact]
    public async Task Certificate_whose_words_were_changed_does_not_hold()
    {
        using var node = await _machine.StartAsync();
        var (room, ledger) = await EndAsync(node);
        var certificate = (await CertificatesAsync(node, room))[0];
        var said = certificate.Destruction;

        foreach (var changed in new[]
        {
            said with { Erased = said.Erased.Add(ErasedSecret.MachineCounter) },
            said with { Erased = [ErasedSecret.SealedCopy] },
            said with { Time = said.Time.Plus(TimeSpan.FromHours(-1)) },
        })
        {
            var refusals = Check(certificate with { Destruction = changed }, ledger).Refusals;
            refusals.Should().Contain(refusal => refusal.Code == RefusalCode.BindingMismatch && refusal.Wanted.Contains("bytes", StringComparison.Ordinal));
        }

        Check(certificate with { Destruction = said with { Collaboration = new string('a', 64) } }, ledger).Refusals[0].Code.Should().Be(RefusalCode.DocumentInvalid);
    }

    [Fact]
    public async Task Evidence_that_anyone_can_ask_a_live_room_for_is_no_certificate()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var destruction = new Destruction
        {
            Collaboration = room.State.Collaboration,
            Time = Timestamp.From(_machine.Time.GetUtcNow()),
            Erased = [ErasedSecret.KeysInMemory, ErasedSecret.SealedCopy],
        };
        await TerminateAsync(room);
        var ledger = await MirrorAsync(room);

        // The asker chooses the nonce of purpose room: it is that of a destruction which never was.
        var asked = await node.Services.Node.AttestAsync(room.Subject.ToSubject(DestructionCertificate.NonceOf(destruction), BindingPurpose.Room), Stop);

        var refusals = Check(new DestructionCertificate { Destruction = destruction, Attestation = asked }, ledger).Refusals;
        refusals.Should().ContainSingle().Which.Should().Match<Refusal>(refusal => refusal.Wanted.Contains("destruction", StringComparison.Ordinal) && refusal.Got.Contains("room", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Certificate_by_code_that_the_contract_does_not_accept_does_not_hold()
    {
        using var node = await _machine.StartAsync();
        var (room, ledger) = await EndAsync(node);
        var said = (await CertificatesAsync(node, room))[0].Destruction;
        using var other = await NodeIdentity.CreateAsync(
            _machine.Backend, new InsecureSimulatedAttester(InsecureSimulatedMachine.OfBuild("another build")), "another build", Stop);

        var shown = await other.AttestAsync(room.Subject.ToSubject(DestructionCertificate.NonceOf(said), BindingPurpose.Destruction), Stop);

        Check(new DestructionCertificate { Destruction = said, Attestation = shown }, ledger).Refusals
            .Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public async Task Certificate_over_a_shorter_log_does_not_hold()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var early = room.Subject;
        await TerminateAsync(room);
        var ledger = await MirrorAsync(room);
        var said = (await CertificatesAsync(node, room))[0].Destruction;

        var shown = await node.Services.Node.AttestAsync(early.ToSubject(DestructionCertificate.NonceOf(said), BindingPurpose.Destruction), Stop);

        Check(new DestructionCertificate { Destruction = said, Attestation = shown }, ledger).Refusals[0].Wanted.Should().Contain("signed checkpoint");
    }

    [Fact]
    public async Task Ledger_that_has_not_ended_proves_nothing()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var before = await MirrorAsync(room);
        await TerminateAsync(room);

        var refusal = Check((await CertificatesAsync(node, room))[0], before).Refusals.Should().ContainSingle().Subject;

        refusal.Wanted.Should().Contain("ends with the termination");
    }

    public void Dispose() => _machine.Dispose();

    internal static async Task<(CollaborationRoom Room, LedgerMirror Ledger)> EndAsync(NodeProcess node)
    {
        var room = await node.ActivateAsync();
        await TerminateAsync(room);
        return (room, await MirrorAsync(room));
    }

    private static Task TerminateAsync(CollaborationRoom room) => room.AddAsync(
        TestPeople.Ada.Sign(Scene.Of(room).Terminate("ada")), TestPeople.Lea.Sign(Scene.Of(room).Terminate("lea")), TestPeople.Hal.Sign(Scene.Of(room).Terminate("hal")));

    internal static async Task<ImmutableArray<DestructionCertificate>> CertificatesAsync(NodeProcess node, CollaborationRoom room) =>
        [.. (await node.Destructions.ReadAsync(room.State.Collaboration, Stop)).Select(bytes => DocumentCodec.Parse<DestructionCertificate>(bytes).Value)];

    private static async Task<LedgerMirror> MirrorAsync(CollaborationRoom room)
    {
        var page = await room.ReadAsync(0, 256, Stop);
        var mirror = new LedgerMirror(room.State.Collaboration, ServicesOf().Fold);
        mirror.Extend([.. page.Rows.Select(row => new Bytes(row))], page.Checkpoint, []).IsAccepted.Should().BeTrue();
        return mirror;
    }

    private static Result<VerifiedDestruction> Check(DestructionCertificate certificate, LedgerMirror ledger) =>
        DestructionCheck.Check(certificate, ledger, ServicesOf());

    private static ClientServices ServicesOf() =>
        new(new Cryptography.Bcl.BclCryptoBackend(), new HttpClient(), TimeProvider.System, [new InsecureSimulatedVerifier()]);
}
