using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Cli.Commands.Member;

/// <summary><c>cleanroom member invite|delegate|revoke</c>: who acts for a collaborator.</summary>
internal static class MemberCommands
{
    private const int DefaultDays = 365;

    private static readonly Option<FileInfo?> _inviteOut = new("--out") { Description = "Writes an invitation to the room." };

    private static readonly Option<FileInfo?> _accept = new("--accept") { Description = "Takes an invitation: verifies the room and remembers it." };

    private static readonly Option<bool> _link = new("--link") { Description = "Signs an invitation to the room and prints it as a link." };

    private static readonly Option<string?> _open = new("--open") { Description = "Takes an invitation link: needs --fingerprint." };

    private static readonly Option<string?> _fingerprint = new("--fingerprint")
    {
        Description = "What the inviter told, on another way than the link came, of the fingerprint: the first 20 digits or more.",
    };

    private static readonly Option<string> _collaborator = new("--collaborator") { Description = "The collaborator whose root key signs.", Required = true };

    private static readonly Option<string> _member = new("--member") { Description = "The member's name.", Required = true };

    private static readonly Option<string?> _name = new("--name") { Description = "The name that people read. Default: the member's name." };

    private static readonly Option<MemberRole[]> _roles =
        StrictOptions.Names<MemberRole>("--roles", "admin, owner, analyst, approver, receiver, auditor: one or more.");

    private static readonly Option<FileInfo?> _card = new("--card") { Description = "The member's public keys. Default: those of the profile." };

    private static readonly Option<int> _days = StrictOptions.Days("How long it lasts.", DefaultDays);

    private static readonly Option<FileInfo?> _out = new("--out") { Description = "Writes the signed delegation, for the proposer of a contract." };

    private static readonly Option<bool> _send = new("--send") { Description = "Appends it to the room that the profile knows." };

    private static readonly Option<string> _reason = new("--reason") { Description = "Why, for the other collaborators.", Required = true };

    public static Command Create(CliHost host) => new("member", "Who acts for a collaborator.")
    {
        Verb.Create(host, "invite", "Writes an invitation to a room, or takes one.", [_inviteOut, _accept, _link, _open, _fingerprint, CommonOptions.As, CommonOptions.Room, CommonOptions.PassphraseFile], InviteAsync),
        Verb.Create(
            host, "delegate", "Signs with the root key who may act, in which roles.",
            [_collaborator, _member, _name, _roles, _card, _days, _out, _send, CommonOptions.Room, CommonOptions.Url, CommonOptions.PassphraseFile], DelegateAsync),
        Verb.Create(
            host, "revoke", "Ends a member's delegation at once.",
            [_collaborator, _member, _reason, .. CommonOptions.Acting], RevokeAsync),
    };

    private static Task<Result<VerbAnswer>> InviteAsync(VerbContext context, CancellationToken cancellationToken) =>
        (context.Get(_inviteOut), context.Get(_accept), context.Get(_link), context.Get(_open)) switch
        {
            ({ } file, null, false, null) => InvitationVerbs.WriteAsync(context, file, cancellationToken),
            (null, { } file, false, null) => InvitationVerbs.AcceptAsync(context, file, cancellationToken),
            (null, null, true, null) => InvitationVerbs.LinkAsync(context, cancellationToken),
            (null, null, false, { } link) => InvitationVerbs.OpenAsync(context, link, context.Get(_fingerprint) ?? string.Empty, cancellationToken),
            _ => Task.FromResult<Result<VerbAnswer>>(new Refusal(RefusalCode.DocumentInvalid, "one of --out, --accept, --link and --open", "several or none")),
        };

    private static async Task<Result<VerbAnswer>> DelegateAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var holder = new KeyHolder(context.Require(_collaborator), context.Require(_member));
        if (holder.WhyNotNamed() is { } misnamed)
        {
            return misnamed;
        }

        if (context.Get(_out) is null && !context.Get(_send))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "--out, --send or both", "neither");
        }

        if (!CardOf(context, holder).TryGet(out var card, out var refusals)
            || !(await KeyRing.OpenRootAsync(context, holder.Collaborator, cancellationToken)).TryGet(out var root, out refusals))
        {
            return refusals;
        }

        using (root)
        {
            var terms = new DelegationTerms
            {
                Collaborator = holder.Collaborator,
                Member = holder.Member!, // Demanded by the parser.
                DisplayName = context.Get(_name) ?? holder.Member!,
                Card = card,
                Roles = [.. context.Require(_roles).Distinct()],
                NotBefore = context.Host.Now,
                Expires = context.Host.Now.Plus(TimeSpan.FromDays(context.Get(_days))),
            };
            var signed = await RootStatements.DelegateAsync(root, terms, cancellationToken);
            return await HandOverAsync(context, holder, signed, cancellationToken);
        }
    }

    private static async Task<Result<VerbAnswer>> HandOverAsync(VerbContext context, KeyHolder holder, Envelope signed, CancellationToken cancellationToken)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        if (context.Get(_out) is { } file)
        {
            if (InputFiles.Write(file, EnvelopeCodec.Encode(signed)) is { } notWritten)
            {
                return notWritten;
            }

            words.Add($"wrote the delegation of {holder} to {file.FullName}");
        }

        if (context.Get(_send))
        {
            var memory = new FileRoomMemory(context.Profile);
            if (!memory.Find(context.Get(CommonOptions.Room)).TryGet(out var collaboration, out var refusals)
                || !(await memory.LoadAsync(collaboration, cancellationToken)).TryGet(out var record, out refusals)
                || !RoomSession.AddressOf(context, memory, collaboration).TryGet(out var address, out refusals)
                || !(await RoomVisitor.OpenAsync(context.Host.Services, address, record, cancellationToken)).TryGet(out var visitor, out refusals)
                || !(await visitor.AppendAsync(signed, cancellationToken)).TryGet(out var appended, out refusals))
            {
                return refusals;
            }

            words.Add($"{holder} is delegated in row {appended.Sequence} of room {collaboration[..12]}");
        }

        return new VerbAnswer(new JsonObject { ["member"] = holder.ToString(), ["delegationDigest"] = signed.PayloadDigest.ToString() }, words.ToImmutable());
    }

    private static Task<Result<VerbAnswer>> RevokeAsync(VerbContext context, CancellationToken cancellationToken) => RoomSession.RunAsync(
        context,
        async room =>
        {
            var (collaborator, name) = (context.Require(_collaborator), context.Require(_member));
            var member = room.State.MembersOf(collaborator, context.Host.Now).FirstOrDefault(known => known.Delegation.Member == name);
            if (member is null)
            {
                return new Refusal(RefusalCode.NotPermitted, "a member whose delegation is in force", $"none named {collaborator}/{name}");
            }

            if (!(await KeyRing.OpenRootAsync(context, collaborator, cancellationToken)).TryGet(out var root, out var refusals))
            {
                return refusals;
            }

            using (root)
            {
                var signed = await RootStatements.RevokeAsync(root, member.Delegation, context.Require(_reason), cancellationToken);
                return (await AppendAsync(context, room, member.Name, signed, cancellationToken)).Then<VerbAnswer>(appended => VerbAnswer.Of(
                    new JsonObject { ["member"] = member.Name, ["sequence"] = appended.Sequence }, $"{member.Name} is revoked in row {appended.Sequence}"));
            }
        },
        cancellationToken);

    /// <summary>Who revokes itself cannot read the ledger afterwards: that statement goes in without a session.</summary>
    private static async Task<Result<StatementResponse>> AppendAsync(
        VerbContext context, RoomClient room, string revoked, Envelope signed, CancellationToken cancellationToken)
    {
        if (revoked != room.Member.Name)
        {
            return await room.AppendAsync(signed, cancellationToken);
        }

        var memory = new FileRoomMemory(context.Profile);
        return memory.LoadAddress(room.Collaboration).TryGet(out var address, out var refusals)
            && (await memory.LoadAsync(room.Collaboration, cancellationToken)).TryGet(out var record, out refusals)
            && (await RoomVisitor.OpenAsync(context.Host.Services, address, record, cancellationToken)).TryGet(out var visitor, out refusals)
                ? await visitor.AppendAsync(signed, cancellationToken)
                : refusals;
    }

    private static Result<MemberCard> CardOf(VerbContext context, KeyHolder holder) => context.Get(_card) is { } file
        ? InputFiles.Read(file, MemberCardFile.MaxBytes).Then(bytes => InputFiles.Named(file, MemberCardFile.Parse(bytes)))
        : KeyRing.ReadFile(context.Profile, holder).Then(keys => Result.Accept(new MemberCard(keys.SignPublicKey, keys.ReceivePublicKey, keys.WitnessPublicKey)));
}
