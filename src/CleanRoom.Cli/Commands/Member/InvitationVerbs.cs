using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Member;

/// <summary>Invitations to a room, as files and as signed links.</summary>
internal static class InvitationVerbs
{
    /// <summary>Writes a file.</summary>
    public static async Task<Result<VerbAnswer>> WriteAsync(VerbContext context, FileInfo file, CancellationToken cancellationToken)
    {
        if (!(await OfRoomAsync(context, cancellationToken)).TryGet(out var invitation, out var refusals))
        {
            return refusals;
        }

        var collaboration = invitation.Record.Collaboration;
        return InputFiles.Write(file, Invitation.Encode(invitation)) is { } notWritten
            ? notWritten
            : VerbAnswer.Of(
                new JsonObject { ["collaboration"] = collaboration, ["file"] = file.FullName },
                $"wrote an invitation to room {collaboration[..12]} at {invitation.Address} to {file.FullName}",
                "it holds no secret, but send it on a way that the other side trusts: it names the contract and the room");
    }

    /// <summary>Takes a file.</summary>
    public static async Task<Result<VerbAnswer>> AcceptAsync(VerbContext context, FileInfo file, CancellationToken cancellationToken) =>
        InputFiles.Read(file, Invitation.MaxBytes).Then(bytes => InputFiles.Named(file, Invitation.Parse(bytes))).TryGet(out var invitation, out var refusals)
            ? await JoinAsync(context, invitation, cancellationToken)
            : refusals;

    /// <summary>Signs a link with the member's key.</summary>
    public static async Task<Result<VerbAnswer>> LinkAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!(await OfRoomAsync(context, cancellationToken)).TryGet(out var invitation, out var refusals)
            || !(await KeyRing.OpenMemberAsync(context, cancellationToken)).TryGet(out var member, out refusals))
        {
            return refusals;
        }

        using (member.Keys)
        {
            var link = await SignedInvitation.LinkAsync(member, invitation, cancellationToken);
            var fingerprint = Digest.Of(member.Keys.Sign.PublicKey.Span).ToString();
            return VerbAnswer.Of(
                new JsonObject { ["collaboration"] = invitation.Record.Collaboration, ["link"] = link, ["fingerprint"] = fingerprint },
                link,
                $"tell the other side this fingerprint on another way, such as the telephone: {fingerprint}");
        }
    }

    /// <summary>Takes a link whose fingerprint the inviter told.</summary>
    public static async Task<Result<VerbAnswer>> OpenAsync(VerbContext context, string link, string told, CancellationToken cancellationToken)
    {
        if (!SignedInvitation.Parse(link, context.Host.Services.Fold.Signatures).TryGet(out var signed, out var refusals))
        {
            return refusals;
        }

        return signed.WhyNotConfirmed(told) is { } unconfirmed ? unconfirmed : await JoinAsync(context, signed.Invitation, cancellationToken);
    }

    private static async Task<Result<Invitation>> OfRoomAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var memory = new FileRoomMemory(context.Profile);
        return memory.Find(context.Get(CommonOptions.Room)).TryGet(out var collaboration, out var refusals)
            && memory.LoadAddress(collaboration).TryGet(out var address, out refusals)
            && (await memory.LoadAsync(collaboration, cancellationToken)).TryGet(out var record, out refusals)
                ? new Invitation(address, RoomRecord.Invited(collaboration, record.Contract))
                : refusals;
    }

    private static async Task<Result<VerbAnswer>> JoinAsync(VerbContext context, Invitation invitation, CancellationToken cancellationToken)
    {
        if (!(await NodeQuestion.AskAsync(context.Host.Services, invitation.Address, invitation.Record, cancellationToken))
            .Then(answer => answer.Node).TryGet(out var node, out var refusals))
        {
            return refusals;
        }

        var memory = new FileRoomMemory(context.Profile);
        var record = invitation.Record;
        if ((await memory.SaveAsync(record, cancellationToken) ?? memory.SaveAddress(record.Collaboration, invitation.Address)) is { } notKept)
        {
            return notKept;
        }

        var digest = DocumentCodec.DigestOf(record.Contract);
        return VerbAnswer.Of(
            new JsonObject { ["collaboration"] = record.Collaboration, ["contractDigest"] = digest.ToString(), ["measurement"] = node.Measurement },
            $"the node at {invitation.Address} shows evidence that contract {digest.Abbreviated} accepts; the room is remembered",
            "read the contract with: cleanroom contract show --room " + record.Collaboration[..12]);
    }
}
