using System.Buffers.Text;
using System.IO.Compression;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Members;

/// <summary>An invitation that a member signed, as the fragment of a link. No secret; a browser sends no fragment to a server. Spec: contracts/spec/0018.</summary>
/// <remarks>The signature keeps the link whole. Whose key made it is what two people compare: see <see cref="WhyNotConfirmed"/>.</remarks>
public sealed record SignedInvitation
{
    /// <summary>The page of the portal that opens a link, below the room's address.</summary>
    public const string PagePath = "/portal/invited";

    /// <summary>The least digits of a fingerprint that confirm it: 80 bits, which nobody meets by trying keys.</summary>
    public const int LeastDigits = 20;

    /// <summary>The longest fragment in characters: more than any invitation, and less than would keep a page busy.</summary>
    public const int MaxChars = 512 * 1024;

    private const string Name = "invitation=";
    private const string PayloadType = "application/vnd.cleanroom.invitation.v1+json";
    private const byte Version = 1;
    private const int SignatureBytes = 64;

    /// <summary>Gets what is offered.</summary>
    public required Invitation Invitation { get; init; }

    /// <summary>Gets who says that it invites: <c>collaborator/member</c>. Nothing but the key's fingerprint proves it.</summary>
    public required string Inviter { get; init; }

    /// <summary>Gets the key that signed: 65 bytes.</summary>
    public required Bytes InviterKey { get; init; }

    /// <summary>Gets what the two compare: SHA-256 of the key.</summary>
    public Digest Fingerprint => Digest.Of(InviterKey.Span);

    /// <summary>Signs an invitation.</summary>
    /// <param name="member">Who invites.</param>
    /// <param name="invitation">Room, collaboration and contract.</param>
    /// <param name="cancellationToken">Stops before the signature.</param>
    /// <returns>The whole link: it opens the page that the room's node serves; the portal on one's own machine takes the same text.</returns>
    public static async Task<string> LinkAsync(MemberIdentity member, Invitation invitation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(invitation);
        var key = member.Keys.Sign;
        var payload = Jcs.Write(new JsonObject(
            new JsonMember("collaboration", invitation.Record.Collaboration),
            new JsonMember("contract", Tree(DocumentCodec.Encode(invitation.Record.Contract))),
            new JsonMember("inviter", member.Name),
            new JsonMember("url", invitation.Address.ToString())));
        var signature = await key.SignEs256Async(Pae.Of(PayloadType, payload), cancellationToken);
        return $"{invitation.Address}{PagePath}#{Name}{Base64Url.EncodeToString([Version, .. Pack([.. key.PublicKey.Span, .. signature, .. payload])])}";
    }

    /// <summary>Reads a link or its fragment, and checks the signature under the key that stands in it.</summary>
    /// <param name="link">Trust: attacker-controlled. What stands before <c>#</c> is not looked at.</param>
    /// <param name="verifier">Checks the raw signature.</param>
    /// <returns>The invitation, or <see cref="RefusalCode.DocumentInvalid"/>, <see cref="RefusalCode.SignatureInvalid"/>, or what its parts refuse.</returns>
    public static Result<SignedInvitation> Parse(string link, ISignatureVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(verifier);
        var text = link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..].Trim();
        if (text.Length > MaxChars || !text.StartsWith(Name, StringComparison.Ordinal) || Unpack(text[Name.Length..]) is not { } body)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a whole invitation link, with what follows its #", "another text, or a part of one");
        }

        var key = new Bytes(body.AsSpan(0, EnvelopeVerifier.PublicKeyLength));
        var signature = body.AsSpan(EnvelopeVerifier.PublicKeyLength, SignatureBytes);
        var payload = body.AsSpan(EnvelopeVerifier.PublicKeyLength + SignatureBytes);
        if (!verifier.VerifyEs256(key.Span, Pae.Of(PayloadType, payload), signature))
        {
            return new Refusal(RefusalCode.SignatureInvalid, "the link as its sender signed it", "one that was changed on the way");
        }

        if (!StrictJson.Parse(payload, Invitation.MaxBytes).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        if (tree is not JsonObject { Members.Length: 4 } o
            || o.Find("collaboration") is not JsonString { Value: var collaboration } || !Digest.TryParse(collaboration, out _)
            || o.Find("inviter") is not JsonString { Value: var inviter } || !KeyHolder.ParseMember(inviter).IsAccepted
            || o.Find("url") is not JsonString { Value: var url }
            || o.Find("contract") is not JsonObject contractTree
            || !Jcs.Write(tree).AsSpan().SequenceEqual(payload))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "the members collaboration, contract, inviter and url in their forms", "others");
        }

        return RoomAddress.Parse(url).Then(address => DocumentCodec.Parse<Contract>(Jcs.Write(contractTree)).Then(contract => Result.Accept(new SignedInvitation
        {
            Invitation = new Invitation(address, RoomRecord.Invited(collaboration, contract)),
            Inviter = inviter,
            InviterKey = key,
        })));
    }

    /// <summary>Says why what the inviter told does not confirm this link; null when it does.</summary>
    /// <param name="told">The fingerprint as it was read out or written: digits in any grouping, the first <see cref="LeastDigits"/> or more.</param>
    public Refusal? WhyNotConfirmed(string told)
    {
        ArgumentNullException.ThrowIfNull(told);
        var digits = string.Concat(told.Where(letter => !char.IsWhiteSpace(letter) && letter is not ('-' or ':' or '.'))).ToLowerInvariant();
        return digits.Length < LeastDigits
            ? new Refusal(RefusalCode.DocumentInvalid, $"the first {LeastDigits} digits of the inviter's fingerprint or more, as the inviter tells them", $"{digits.Length}")
            : Fingerprint.ToString().StartsWith(digits, StringComparison.Ordinal)
                ? null
                : new Refusal(RefusalCode.SignatureUnknownKey, "the fingerprint of the key that signed this link", "another, so somebody else made the link");
    }

    private static JsonValue Tree(byte[] document) => StrictJson.Parse(document, document.Length).Value; // Encoded a moment ago.

    private static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize))
        {
            deflate.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>Undoes base64url and DEFLATE (RFC 1951), never beyond the largest invitation; null for anything else.</summary>
    private static byte[]? Unpack(string text)
    {
        const int Head = EnvelopeVerifier.PublicKeyLength + SignatureBytes;
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not [Version, .. var packed])
        {
            return null;
        }

        try
        {
            using var deflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            using var whole = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (var read = deflate.Read(buffer); read > 0; read = deflate.Read(buffer))
            {
                if (whole.Length + read > Head + Invitation.MaxBytes)
                {
                    return null;
                }

                whole.Write(buffer, 0, read);
            }

            return whole.Length > Head ? whole.ToArray() : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
