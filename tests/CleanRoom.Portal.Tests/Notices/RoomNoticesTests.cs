using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Notices;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Portal.Tests.Notices;

/// <summary>What a member is told of a ledger: contracts/spec/0019 s.2 and s.3.</summary>
public sealed class RoomNoticesTests
{
    private static readonly string _question = DocumentCodec.DigestOf(TestStages.Question).ToString();

    [Fact]
    public void Of_code_that_was_endorsed_tells_everybody_but_who_brought_it()
    {
        var room = TestStages.SignAll(TestStages.People(TestEndorsements.Agreed), TestEndorsements.Agreed);
        var endorsed = room.Append(Ada.Sign(room.Bring(room.Endorsement().ByBoth())));

        Of(endorsed, Lea).Select(notice => notice.Kind).Should().Equal(NoticeKind.Code);
        Of(endorsed, Ada).Should().BeEmpty();
    }

    [Fact]
    public void Contract_waits_for_those_whose_collaborator_has_not_signed_enough()
    {
        var contract = DocumentCodec.DigestOf(TestContracts.First).ToString();
        var proposed = TestStages.Peopled.Append(Ada.Sign(TestContracts.First));

        Of(proposed, Hal).Should().ContainSingle().Which.Should().Match<Notice>(notice => notice.Kind == NoticeKind.Contract && notice.Subject == contract);
        Of(proposed, Ada).Should().BeEmpty("its own signature is no news");
        var half = proposed.Append(Lea.Sign(TestContracts.First));
        Of(half, Leo).Select(notice => notice.Kind).Should().Equal([NoticeKind.Contract], "the laboratory signs with four eyes");
        Of(TestStages.Active, Hal).Should().BeEmpty("it is in force");
    }

    [Fact]
    public void Query_waits_until_it_is_decided_and_an_answer_is_for_receivers()
    {
        Of(TestStages.Asked, Leo).Should().ContainSingle().Which.Should().Match<Notice>(notice => notice.Kind == NoticeKind.Query && notice.Subject == _question);
        Of(TestStages.Approved, Leo).Should().BeEmpty("it has decided");
        Of(TestStages.Answered, Hana).Select(notice => (notice.Kind, notice.Subject)).Should().Equal((NoticeKind.Result, _question));
        Of(TestStages.Answered, Lea).Should().BeEmpty("it receives nothing");
    }

    [Fact]
    public void Several_queries_of_one_template_are_a_batch()
    {
        var first = Templated("first");
        var one = TestStages.Ask(TestStages.Supplied, first);
        var two = TestStages.Ask(one, Templated("second"));

        Of(one, Leo).Select(notice => notice.Kind).Should().Equal(NoticeKind.Query);
        Of(two, Leo).Select(notice => notice.Kind).Should().Equal(NoticeKind.Query, NoticeKind.Query, NoticeKind.Batch);
    }

    [Fact]
    public void Revocations_are_told_to_everybody_else_and_nothing_before_the_place_is()
    {
        var revoked = TestStages.Approved.Append(Ada.Revoke());

        Of(revoked, Hugo).Should().ContainSingle().Which.Should().Match<Notice>(notice => notice.Kind == NoticeKind.Revocation && notice.Subject == "registry/ada");
        Of(revoked, Hugo, from: revoked.Rows.Count).Should().BeEmpty();
        Of(revoked, Hugo, from: long.MaxValue).Should().BeEmpty("a place behind the end is the end");
    }

    [Fact]
    public async Task Message_is_that_of_the_worked_vector_and_its_signature_holds_for_the_members_key_alone()
    {
        var notice = new Notice(NoticeKind.Query, 41, Timestamp.From(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero)), "what it is about stays here");
        var collaboration = new string('a', 64);
        Encoding.UTF8.GetString(NoticeMessage.Payload(collaboration, notice)).Should().Be(
            $$"""{"collaboration":"{{collaboration}}","index":41,"kind":"query","time":"2026-06-01T12:00:00.000Z"}""");

        using var key = await new Cryptography.Bcl.BclCryptoBackend().GenerateSigningKeyAsync(TestContext.Current.CancellationToken);
        var message = await NoticeMessage.SignAsync(key, collaboration, notice, TestContext.Current.CancellationToken);

        message.Length.Should().BeLessThan(NoticeMessage.MaxBytes);
        Encoding.UTF8.GetString(message).Should().NotContain("stays here");
        var envelope = EnvelopeCodec.Parse(message).Value;
        EnvelopeVerifier.Verify(envelope, envelope.Signatures[0], key.PublicKey, new SignatureVerifier()).IsAccepted.Should().BeTrue();
        EnvelopeVerifier.Verify(envelope, envelope.Signatures[0], Ada.Key.PublicKey, new SignatureVerifier()).IsAccepted.Should().BeFalse();
        var another = envelope with { Payload = new Bytes(NoticeMessage.Payload(collaboration, notice with { Index = 42 })) };
        EnvelopeVerifier.Verify(another, another.Signatures[0], key.PublicKey, new SignatureVerifier()).IsAccepted.Should().BeFalse();
        DocumentCodec.ParsePayload(envelope).IsAccepted.Should().BeFalse("no ledger takes it");
    }

    [Fact]
    public void Worked_vector_is_verified()
    {
        var vector = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Committed("contracts", "vectors", "portal", "notice.json")))!;
        var envelope = EnvelopeCodec.Parse(Encoding.UTF8.GetBytes(vector["body"]!.GetValue<string>())).Value;

        envelope.PayloadType.Should().Be(NoticeMessage.PayloadType);
        Encoding.UTF8.GetString(envelope.Payload.Span).Should().Be(vector["payload"]!.GetValue<string>());
        var key = new Bytes(Convert.FromBase64String(vector["publicKey"]!.GetValue<string>()));
        EnvelopeVerifier.Verify(envelope, envelope.Signatures[0], key, new SignatureVerifier()).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Every_kind_has_a_word() =>
        Enum.GetValues<NoticeKind>().Select(NoticeMessage.WordOf).Should().Equal("contract", "query", "batch", "result", "revocation", "code");

    private static Query Templated(string nonce) => TestStages.Question with
    {
        Sql = null,
        TemplateDigest = DocumentCodec.DigestOf(TestContracts.First.Templates[0]),
        Nonce = TestRandom.Nonce(nonce),
    };

    private static ImmutableArray<Notice> Of(TestRoom room, TestMember who, long from = 0)
    {
        var mirror = new LedgerMirror(room.State.Collaboration, TestRoom.Services);
        mirror.Extend([.. room.Rows.Select(row => new Bytes(RowCodec.Encode(row)))], room.Checkpoint(), []).IsAccepted.Should().BeTrue();
        using var keys = new MemberKeys(new PublicSide(who.Key.PublicKey), new PublicSide(who.Key.PublicKey), new PublicSide(who.Key.PublicKey));
        return RoomNotices.Of(mirror, new MemberIdentity(who.Collaborator, who.Member, keys), from, room.Now);
    }

    /// <summary>A key of which only the public side is asked: whoever looks signs nothing.</summary>
    private sealed class PublicSide(Bytes publicKey) : ISigningKey, IAgreementKey, IWitnessKey
    {
        public Bytes PublicKey => publicKey;

        public ValueTask<byte[]> SignEs256Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<byte[]> SignEd25519Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<SecretBytes> DeriveSharedSecretAsync(ReadOnlyMemory<byte> peerPublicKey65, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
