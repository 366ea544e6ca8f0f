using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Members;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Keys;

/// <summary><c>cleanroom keys new|show|export|import</c>: encrypted key files in the profile.</summary>
internal static class KeysCommands
{
    private static readonly Option<string> _collaborator = new("--collaborator") { Description = "The collaborator's id.", Required = true };

    private static readonly Option<string?> _member = new("--member") { Description = "The member's name; left out for the collaborator's root key." };

    private static readonly Option<FileInfo> _out = new("--out") { Description = "The file to write.", Required = true };

    private static readonly Option<bool> _card = new("--card") { Description = "Only the public keys, for whoever holds the root key." };

    private static readonly Argument<FileInfo> _file = new("file") { Description = "An exported key file." };

    public static Command Create(CliHost host) => new("keys", "Your own keys, encrypted under a passphrase.")
    {
        Verb.Create(host, "new", "Makes a member's three keys, or a collaborator's root key.", [_collaborator, _member, CommonOptions.PassphraseFile], NewAsync),
        Verb.Create(host, "show", "Lists the keys of the profile. Needs no passphrase.", [], (context, _) => Task.FromResult(Show(context))),
        Verb.Create(host, "export", "Copies an encrypted key file, or writes the public keys.", [_collaborator, _member, _card, _out], (context, _) => Task.FromResult(Export(context))),
        Verb.Create(host, "import", "Takes an exported key file into the profile.", [_file, _collaborator, _member, CommonOptions.PassphraseFile], ImportAsync),
    };

    private static KeyHolder HolderOf(VerbContext context) => new(context.Require(_collaborator), context.Get(_member));

    private static async Task<Result<VerbAnswer>> NewAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var holder = HolderOf(context);
        if (!context.Profile.KeyFile(holder).TryGet(out var path, out var refusals)
            || !Passphrases.GetNew(context, $"the new keys of {holder}").TryGet(out var passphrase, out refusals))
        {
            return refusals;
        }

        using (passphrase)
        {
            byte[] sealedKeys;
            if (holder.Member is null)
            {
                using var scalar = P256PrivateKey.Generate();
                sealedKeys = await KeyFile.SealRootAsync(context.Host.Backend, scalar, passphrase, cancellationToken);
            }
            else
            {
                using var secrets = MemberSecrets.Generate();
                sealedKeys = await KeyFile.SealMemberAsync(context.Host.Backend, secrets, passphrase, cancellationToken);
            }

            return ProfileFiles.WriteNew(path, sealedKeys) is { } notKept ? notKept : Describe(holder, KeyFile.Parse(sealedKeys).Value, path);
        }
    }

    private static Result<VerbAnswer> Show(VerbContext context)
    {
        var answers = new List<VerbAnswer>();
        foreach (var holder in context.Profile.KeyHolders())
        {
            if (!KeyRing.ReadFile(context.Profile, holder).TryGet(out var file, out var refusals))
            {
                return refusals;
            }

            answers.Add(Describe(holder, file, context.Profile.KeyFile(holder).Value));
        }

        return new VerbAnswer(new JsonArray([.. answers.Select(answer => answer.Json)]), answers.Count == 0 ? ["no keys yet: see keys new"] : [.. answers.SelectMany(answer => answer.Words)]);
    }

    private static Result<VerbAnswer> Export(VerbContext context)
    {
        var holder = HolderOf(context);
        var file = context.Require(_out);
        if (!context.Profile.KeyFile(holder).TryGet(out var path, out var refusals)
            || !ProfileFiles.Read(path, KeyFile.MaxBytes).TryGet(out var bytes, out refusals)
            || !KeyFile.Parse(bytes).TryGet(out var keys, out refusals))
        {
            return refusals;
        }

        var content = context.Get(_card) ? MemberCardFile.Encode(new MemberCard(keys.SignPublicKey, keys.ReceivePublicKey, keys.WitnessPublicKey)) : bytes;
        return (context.Get(_card) ? InputFiles.Write(file, content) : ProfileFiles.WriteNew(file.FullName, content)) is { } notWritten
            ? notWritten
            : VerbAnswer.Of(
                new JsonObject { ["holder"] = holder.ToString(), ["file"] = file.FullName, ["encrypted"] = !context.Get(_card) },
                context.Get(_card) ? $"wrote the public keys of {holder} to {file.FullName}" : $"wrote the encrypted keys of {holder} to {file.FullName}");
    }

    private static async Task<Result<VerbAnswer>> ImportAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var holder = HolderOf(context);
        var file = context.Require(_file);
        if (!context.Profile.KeyFile(holder).TryGet(out var path, out var refusals)
            || !InputFiles.Read(file, KeyFile.MaxBytes).TryGet(out var bytes, out refusals)
            || !InputFiles.Named(file, KeyFile.Parse(bytes)).TryGet(out var keys, out refusals)
            || !Passphrases.Get(context, $"the keys in {file.Name}").TryGet(out var passphrase, out refusals))
        {
            return refusals;
        }

        // Opened once, so that a file that was changed on its way is refused now and not when it is needed.
        using (passphrase)
        {
            if (holder.Member is null)
            {
                if (!(await keys.OpenRootAsync(context.Host.Backend, passphrase, cancellationToken)).TryGet(out var scalar, out refusals))
                {
                    return refusals;
                }

                scalar.Dispose();
            }
            else
            {
                if (!(await keys.OpenMemberAsync(context.Host.Backend, passphrase, cancellationToken)).TryGet(out var secrets, out refusals))
                {
                    return refusals;
                }

                secrets.Dispose();
            }
        }

        return ProfileFiles.WriteNew(path, bytes) is { } notKept ? notKept : Describe(holder, keys, path);
    }

    private static VerbAnswer Describe(KeyHolder holder, KeyFile keys, string path) => VerbAnswer.Of(
        new JsonObject
        {
            ["holder"] = holder.ToString(),
            ["collaborator"] = holder.Collaborator,
            ["member"] = holder.Member,
            ["sign"] = keys.SignPublicKey.ToString(),
            ["receive"] = keys.ReceivePublicKey?.ToString(),
            ["witness"] = keys.WitnessPublicKey?.ToString(),
            ["file"] = path,
        },
        $"{holder}: {path}",
        $"  signs with {keys.SignPublicKey}");
}
