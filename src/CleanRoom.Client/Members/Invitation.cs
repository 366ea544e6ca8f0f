using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Members;

/// <summary>What a member of a collaborator that is to join needs to know: where the room is, its id, and its contract. No secret.</summary>
/// <param name="Address">Where the room answers.</param>
/// <param name="Record">The collaboration and its contract.</param>
public sealed record Invitation(RoomAddress Address, RoomRecord Record)
{
    /// <summary>The longest invitation, in bytes.</summary>
    public const int MaxBytes = 2 * DocumentCodec.MaxDocumentBytes;

    /// <summary>Writes {collaboration, contract, url}.</summary>
    public static byte[] Encode(Invitation invitation) => JsonSerializer.SerializeToUtf8Bytes(
        new InvitationForm(invitation.Record.Collaboration, new Bytes(DocumentCodec.Encode(invitation.Record.Contract)), invitation.Address.ToString()),
        InvitationContext.Default.InvitationForm);

    /// <summary>Reads an invitation. Trust: as far as the way that it came; the room proves the rest.</summary>
    public static Result<Invitation> Parse(ReadOnlySpan<byte> json)
    {
        InvitationForm? form;
        try
        {
            form = JsonSerializer.Deserialize(json, InvitationContext.Default.InvitationForm);
        }
        catch (JsonException)
        {
            form = null;
        }

        if (form is null || !Digest.TryParse(form.Collaboration, out _))
        {
            return new Refusal(RefusalCode.JsonInvalid, "an invitation as member invite --out writes it", "other json");
        }

        return RoomAddress.Parse(form.Url).Then(address => DocumentCodec.Parse<Contract>(form.Contract.Span)
            .Then(contract => Result.Accept(new Invitation(address, RoomRecord.Invited(form.Collaboration, contract)))));
    }
}

/// <summary>An invitation as JSON.</summary>
internal sealed record InvitationForm(string Collaboration, Bytes Contract, string Url);

/// <summary>Reader and writer of invitations.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(InvitationForm))]
internal sealed partial class InvitationContext : JsonSerializerContext;
