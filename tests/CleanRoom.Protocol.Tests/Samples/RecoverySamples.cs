using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Tests.Samples;

/// <summary>A set of shares, a release of one, and the record of a restoration.</summary>
internal static class RecoverySamples
{
    private static readonly Bytes _set = TestKeys.Random("nonce recovery set", 16);

    private static readonly Binding _binding = DocumentSamples.Binding(BindingPurpose.Recovery) with { Checkpoint = DocumentSamples.Checkpoint() };

    public static RecoveryShareSet Shares { get; } = new()
    {
        Collaboration = DocumentSamples.Collaboration,
        ContractDigest = DocumentSamples.ContractDigest,
        K = 1,
        Set = _set,
        Shares = [Share("registry", "ada", 1), Share("laboratory", "lea", 2)],
    };

    public static RecoveryStatement Statement { get; } = new()
    {
        Collaboration = DocumentSamples.Collaboration,
        ContractDigest = DocumentSamples.ContractDigest,
        Set = _set,
        Collaborator = "registry",
        Member = "ada",
        BindingDigest = DocumentCodec.DigestOf(_binding),
        ReleaseDigest = Digest.Of("sealed share"u8),
        Reason = "the machine burned down",
        Checkpoint = DocumentSamples.Checkpoint(),
        Expires = ContractSample.Start.Plus(TimeSpan.FromHours(23)),
        Nonce = TestKeys.Random("nonce recovery statement", 16),
    };

    public static Recovery Recovery { get; } = new()
    {
        Collaboration = DocumentSamples.Collaboration,
        ContractDigest = DocumentSamples.ContractDigest,
        Set = _set,
        Releases =
        [
            new RecoveryRelease
            {
                Statement = new Bytes(EnvelopeCodec.Encode(
                    TestKeys.Envelope(DocumentCodec.PayloadTypeOf(Statement), DocumentCodec.Encode(Statement), "ada sign"))),
                Binding = _binding,
            },
        ],
    };

    private static CollaboratorShare Share(string collaborator, string member, int index) => new()
    {
        Collaborator = collaborator,
        Index = index,
        Commitment = Digest.Of(System.Text.Encoding.ASCII.GetBytes($"commitment {index}")),
        Sealed =
        [
            new SealedShare
            {
                Member = member,
                ReceiveKey = TestKeys.P256Public($"{member} receive"),
                Enc = TestKeys.P256Public("ephemeral"),
                Ciphertext = TestKeys.Random($"sealed share {index}", 80),
            },
        ],
    };
}
