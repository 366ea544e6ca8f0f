using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Handover;

/// <summary>A collaboration's secret moves to nodes that its contract accepts and to no other, and the ledger names each that has it.</summary>
public sealed class KeyHandoverTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_peer_of_the_accepted_build_gets_the_secret_and_the_ledger_names_it()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        Meet(first, second);
        var room = await first.ActivateAsync();

        var opened = (await second.OpenAsync(room.State.Collaboration)).Value;

        opened.State.Nodes[KeyOf(second)].Attestation.Binding.Purpose.Should().Be(BindingPurpose.Handover);
        opened.State.Log.Size.Should().Be(room.State.Log.Size + 1, "the admission is the one row that was added");
        opened.Status().Mode.Should().Be(RoomMode.Active, "a live peer vouches for the log");
        await opened.AddAsync(TestPeople.Ada.Sign(Scene.Of(opened).Suspend()));
        (await room.CatchUpAsync(Stop)).Should().BeNull();
        room.State.Log.Root.Should().Be(opened.State.Log.Root);
    }

    [Fact]
    public async Task OpenAsync_room_that_is_not_signed_yet_is_handed_over_by_its_founding_contract()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        using var other = await _machine.StartPeerAsync("other", "0.1.0+other");
        Meet(first, second, other);
        var room = (await first.FoundAsync(Scene.Contract)).Value;

        (await other.OpenAsync(room.State.Collaboration)).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
        var opened = (await second.OpenAsync(room.State.Collaboration)).Value;

        opened.State.Nodes.Keys.Should().BeEquivalentTo([KeyOf(first), KeyOf(second)]);
        await opened.AddAsync(TestPeople.Lea.Sign(Scene.Contract), TestPeople.Leo.Sign(Scene.Contract), TestPeople.Hal.Sign(Scene.Contract));
        opened.State.Active.Should().NotBeNull();
    }

    [Fact]
    public async Task OpenAsync_peer_of_another_build_gets_nothing()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var other = await _machine.StartPeerAsync("other", "0.1.0+other");
        Meet(first, other);
        var room = await first.ActivateAsync();

        var refused = await other.OpenAsync(room.State.Collaboration);

        refused.Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.EvidenceNotAccepted);
        other.Services.Keyring.FindHeld(room.State.Collaboration).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{room.State.Collaboration}@other", Stop)).Should().BeNull();
        (await first.OpenAsync(room.State.Collaboration)).Value.State.Nodes.Should().ContainSingle("a refused node leaves no row");
    }

    [Fact]
    public async Task OpenAsync_holder_that_waits_for_witnesses_hands_nothing_over()
    {
        string collaboration, note;
        using (var before = await _machine.StartPeerAsync("one"))
        {
            var founded = await before.ActivateAsync();
            (collaboration, note) = (founded.State.Collaboration, founded.Status().Checkpoint);
        }

        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        Meet(first, second);
        var room = (await first.OpenAsync(collaboration)).Value;

        (await second.OpenAsync(collaboration)).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.ReadOnly);
        await room.WitnessAllAsync(note);

        (await second.OpenAsync(collaboration)).Value.Status().Mode.Should().Be(RoomMode.Active);
    }

    [Fact]
    public async Task HandOverAsync_same_evidence_twice_is_replayed()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        var room = await first.ActivateAsync();
        var admission = await AdmissionAsync(first, second, room.State.Collaboration);

        (await first.Holder.HandOverAsync(room.State.Collaboration, admission)).Refusals.Should().BeEmpty();
        var again = await first.Holder.HandOverAsync(room.State.Collaboration, admission);

        again.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Replayed);
    }

    [Fact]
    public async Task HandOverAsync_evidence_for_a_late_or_another_offer_is_replayed()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        var room = await first.ActivateAsync();
        var another = await first.ActivateAsync(Scene.Contract with { Title = "Another" });
        var late = await AdmissionAsync(first, second, room.State.Collaboration);
        _machine.Time.Advance(TimeSpan.FromMinutes(2));
        var foreign = await AdmissionAsync(first, second, another.State.Collaboration);

        (await first.Holder.HandOverAsync(room.State.Collaboration, late)).Refusals[0].Code.Should().Be(RefusalCode.Replayed);
        (await first.Holder.HandOverAsync(room.State.Collaboration, foreign)).Refusals[0].Code.Should().Be(RefusalCode.Replayed);
    }

    [Fact]
    public async Task HandOverAsync_evidence_for_another_question_is_refused()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        var room = await first.ActivateAsync();
        var collaboration = room.State.Collaboration;

        // What any client may ask a node for is purpose room; a node that is not asked by a holder never makes evidence for a handover.
        (await RefusedAsync(binding => binding with { Purpose = BindingPurpose.Room })).Should().Be(RefusalCode.BindingMismatch);
        (await RefusedAsync(binding => binding with { CollaborationKey = second.Services.Node.Keys.Seal.PublicKey })).Should().Be(RefusalCode.BindingMismatch);
        (await RefusedAsync(binding => binding with { ContractDigest = Digest.Of("another"u8) })).Should().Be(RefusalCode.BindingMismatch);
        room.State.Nodes.Should().ContainSingle();

        async Task<RefusalCode> RefusedAsync(Func<BindingSubject, BindingSubject> change)
        {
            var admission = await AdmissionAsync(first, second, collaboration, change);
            return (await first.Holder.HandOverAsync(collaboration, admission)).Refusals[0].Code;
        }
    }

    [Fact]
    public async Task HandOverAsync_copied_evidence_with_the_copiers_key_is_refused()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        using var thief = await _machine.StartPeerAsync("thief", "0.1.0+other");
        var room = await first.ActivateAsync();
        var admission = await AdmissionAsync(first, second, room.State.Collaboration);
        var document = DocumentCodec.Parse<NodeAdmission>(EnvelopeCodec.Parse(admission).Value.Payload.Span).Value;
        var copied = document with
        {
            Attestation = document.Attestation with
            {
                Binding = document.Attestation.Binding with { SealingKey = thief.Services.Node.Keys.Seal.PublicKey, SigningKey = thief.Services.Node.Keys.Sign.PublicKey },
            },
        };
        var stolen = EnvelopeCodec.Encode(await EnvelopeSigner.SignAsync(thief.Services.Node.Keys.Sign, copied, Stop));

        var refused = await first.Holder.HandOverAsync(room.State.Collaboration, stolen);

        refused.Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.BindingMismatch);
    }

    [Fact]
    public async Task OpenAsync_secret_of_another_collaboration_is_not_kept()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        Meet(first, second);
        var room = await first.ActivateAsync();
        first.Holder.OnHanded = async handed =>
        {
            // A holder that is broken: it seals something else, and rightly, to whom it should.
            using var other = Cryptography.SecretBytes.Random(32);
            var subject = new Cryptography.Sealing.HandoverSubject(room.State.Collaboration, DocumentCodec.DigestOf(_shown!));
            var seal = (await Cryptography.Sealing.KeyHandovers.SealAsync(
                _machine.Backend, second.Services.Node.Keys.Seal.PublicKey, subject, other, Stop)).Value;
            return handed with { Enc = seal.Enc.ToArray(), Ciphertext = seal.Ciphertext.ToArray() };
        };
        first.Holder.OnAdmission = admission =>
        {
            _shown = DocumentCodec.Parse<NodeAdmission>(EnvelopeCodec.Parse(admission).Value.Payload.Span).Value.Attestation.Binding;
            return Task.FromResult(admission);
        };

        var refused = await second.OpenAsync(room.State.Collaboration);

        refused.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
        second.Services.Keyring.FindHeld(room.State.Collaboration).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{room.State.Collaboration}@two", Stop)).Should().BeNull();
    }

    [Fact]
    public async Task OpenAsync_each_machine_opens_its_own_sealed_copy_after_a_restart()
    {
        string collaboration;
        using (var first = await _machine.StartPeerAsync("one"))
        using (var second = await _machine.StartPeerAsync("two"))
        {
            Meet(first, second);
            collaboration = (await first.ActivateAsync()).State.Collaboration;
            _ = (await second.OpenAsync(collaboration)).Value;
        }

        foreach (var name in new[] { "one", "two" })
        {
            using var alone = await _machine.StartPeerAsync(name);
            (await alone.OpenAsync(collaboration)).Value.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses, "nobody vouches");
        }

        using var stranger = await _machine.StartPeerAsync("three");
        (await stranger.OpenAsync(collaboration)).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
    }

    [Fact]
    public async Task OpenAsync_machine_that_joins_a_cluster_keeps_what_it_had_alone()
    {
        var alone = await _machine.StartAsync();
        var collaboration = (await alone.ActivateAsync()).State.Collaboration;
        var sealedAlone = (await _machine.Ledger.GetSealedSecretAsync(collaboration, Stop))!.Value;
        alone.Dispose();
        using var first = await _machine.StartPeerAsync("."); // The TEE of the machine that was alone.

        (await first.OpenAsync(collaboration)).IsAccepted.Should().BeTrue();
        (await _machine.Ledger.GetSealedSecretAsync(collaboration, Stop)).Should().Be(sealedAlone);
    }

    [Fact]
    public async Task OpenAsync_at_a_peer_notices_a_store_that_went_back()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        Meet(first, second);
        var room = await first.ActivateAsync();
        var collaboration = room.State.Collaboration;
        _ = (await second.OpenAsync(collaboration)).Value;
        await room.CatchUpAsync(Stop);
        var backup = await CopyAsync(room);
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));

        _machine.Ledger.Inner = backup;
        var refused = await second.OpenAsync(collaboration);

        refused.Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent, "the first node has seen one row more, and says so");
    }

    [Fact]
    public async Task TellAsync_peer_that_was_told_notices_it_without_the_one_that_told()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        Meet(first, second);
        var room = await first.ActivateAsync();
        var collaboration = room.State.Collaboration;
        _ = (await second.OpenAsync(collaboration)).Value;
        await room.CatchUpAsync(Stop);
        var backup = await CopyAsync(room);
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
        await first.Peers.TellAsync(collaboration, new LogMark(room.State.Log.Size, room.State.Log.Root), Stop);
        first.Services.Keyring.Dispose();

        _machine.Ledger.Inner = backup;

        (await second.OpenAsync(collaboration)).Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task OpenAsync_two_nodes_that_saw_different_logs_stop_the_room()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        Meet(first, second);
        var room = await first.ActivateAsync();
        var collaboration = room.State.Collaboration;
        var opened = (await second.OpenAsync(collaboration)).Value;
        await room.CatchUpAsync(Stop);
        var copy = await CopyAsync(room);
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend("left")));
        _machine.Ledger.Inner = copy;
        await opened.AddAsync(TestPeople.Lea.Sign(Scene.Of(opened).Suspend("right")));

        (await second.OpenAsync(collaboration)).Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
        second.Services.Keyring.FindHeld(collaboration)!.Halted.Should().NotBeNull();
    }

    [Fact]
    public async Task AppendAsync_termination_destroys_the_keys_on_every_node()
    {
        using var first = await _machine.StartPeerAsync("one");
        using var second = await _machine.StartPeerAsync("two");
        Meet(first, second);
        var room = await first.ActivateAsync();
        var collaboration = room.State.Collaboration;
        _ = (await second.OpenAsync(collaboration)).Value;
        await room.CatchUpAsync(Stop);

        await room.AddAsync([.. new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Hal }.Select(member => member.Sign(Scene.Of(room).Terminate()))]);

        room.State.IsTerminated.Should().BeTrue();
        second.Services.Keyring.FindHeld(collaboration).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{collaboration}@one", Stop)).Should().BeNull();
        (await _machine.Ledger.GetSealedSecretAsync($"{collaboration}@two", Stop)).Should().BeNull();
    }

    public void Dispose() => _machine.Dispose();

    private Binding? _shown;

    private static void Meet(params NodeProcess[] nodes)
    {
        foreach (var node in nodes)
        {
            foreach (var other in nodes.Where(other => other != node))
            {
                node.Peers.Meet(other.Holder);
            }
        }
    }

    /// <summary>What the host may bring back: its store as it is now.</summary>
    private Task<ILedgerStore> CopyAsync(CollaborationRoom room) =>
        HostLedger.CopyAsync(_machine.Ledger.Inner, new InMemoryLedgerStore(), room.State.Collaboration, room.State.Log.Size);

    private static Digest KeyOf(NodeProcess node) => KeyId.Of(node.Services.Node.Keys.Sign.PublicKey.Span);

    /// <summary>What the asker sends after an offer, changed before it is attested.</summary>
    private static async Task<byte[]> AdmissionAsync(
        NodeProcess holder, NodeProcess asker, string collaboration, Func<BindingSubject, BindingSubject>? change = null)
    {
        var offer = (await holder.Holder.OfferAsync(collaboration)).ToResult().Value;
        var subject = offer.Subject.ToSubject(new Bytes(offer.Nonce), BindingPurpose.Handover);
        var admission = new NodeAdmission
        {
            Collaboration = collaboration, Attestation = await asker.Services.Node.AttestAsync(change?.Invoke(subject) ?? subject, Stop),
        };
        return EnvelopeCodec.Encode(await EnvelopeSigner.SignAsync(asker.Services.Node.Keys.Sign, admission, Stop));
    }
}
