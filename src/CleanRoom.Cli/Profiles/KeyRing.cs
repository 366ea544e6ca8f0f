using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Members;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Profiles;

/// <summary>Opens the keys of a profile.</summary>
internal static class KeyRing
{
    /// <summary>Finds whose keys are meant: those that <c>--as</c> names, or the only ones.</summary>
    public static Result<KeyHolder> FindMember(VerbContext context)
    {
        if (context.Get(CommonOptions.As) is { } named)
        {
            return KeyHolder.ParseMember(named);
        }

        var members = context.Profile.KeyHolders().Where(holder => holder.Member is not null).ToList();
        return members is [var only]
            ? only
            : new Refusal(
                RefusalCode.DocumentInvalid,
                "--as COLLABORATOR/MEMBER, or a profile with one member's keys",
                members.Count == 0 ? "a profile without: see keys new" : string.Join(", ", members));
    }

    /// <summary>Opens a member's keys. The caller disposes them.</summary>
    public static async Task<Result<MemberIdentity>> OpenMemberAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!FindMember(context).TryGet(out var holder, out var refusals)
            || !ReadFile(context.Profile, holder).TryGet(out var file, out refusals)
            || !Passphrases.Get(context, holder.ToString()).TryGet(out var passphrase, out refusals))
        {
            return refusals;
        }

        using (passphrase)
        {
            if (!(await file.OpenMemberAsync(context.Host.Backend, passphrase, cancellationToken)).TryGet(out var secrets, out refusals))
            {
                return refusals;
            }

            using (secrets)
            {
                var keys = await MemberKeys.ImportAsync(context.Host.Backend, secrets, cancellationToken);
                return new MemberIdentity(holder.Collaborator, holder.Member!, keys); // FindMember has found a member.
            }
        }
    }

    /// <summary>Opens a collaborator's root key. The caller disposes it.</summary>
    public static async Task<Result<ISigningKey>> OpenRootAsync(VerbContext context, string collaborator, CancellationToken cancellationToken)
    {
        var holder = new KeyHolder(collaborator, Member: null);
        if (!ReadFile(context.Profile, holder).TryGet(out var file, out var refusals)
            || !Passphrases.Get(context, holder.ToString()).TryGet(out var passphrase, out refusals))
        {
            return refusals;
        }

        using (passphrase)
        {
            if (!(await file.OpenRootAsync(context.Host.Backend, passphrase, cancellationToken)).TryGet(out var scalar, out refusals))
            {
                return refusals;
            }

            using (scalar)
            {
                return Result.Accept(await context.Host.Backend.ImportSigningKeyAsync(scalar, cancellationToken));
            }
        }
    }

    /// <summary>Reads a key file without opening it.</summary>
    public static Result<KeyFile> ReadFile(ProfileDirectory profile, KeyHolder holder) => profile.KeyFile(holder)
        .Then(path => ProfileFiles.Read(path, KeyFile.MaxBytes).Then(bytes => InputFiles.Named(new FileInfo(path), KeyFile.Parse(bytes))));
}
