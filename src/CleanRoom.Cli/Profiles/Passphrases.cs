using System.Security.Cryptography;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Profiles;

/// <summary>Gets the passphrase of keys: from a file or from the terminal, never from an argument or the environment.</summary>
internal static class Passphrases
{
    private const int LongestBytes = 1024;
    private const int ShortestNewBytes = 8;

    /// <summary>Gets the passphrase of keys that exist.</summary>
    public static Result<SecretBytes> Get(VerbContext context, string whose) => context.Get(CommonOptions.PassphraseFile) is { } file
        ? Read(file)
        : context.Host.Prompt.Secret($"Passphrase of {whose}") is { } typed ? typed : Nobody();

    /// <summary>Gets a passphrase for new keys: long enough, and typed twice.</summary>
    public static Result<SecretBytes> GetNew(VerbContext context, string whose)
    {
        if (!Get(context, whose).TryGet(out var passphrase, out var refusals))
        {
            return refusals;
        }

        if (passphrase.Length < ShortestNewBytes)
        {
            passphrase.Dispose();
            return new Refusal(RefusalCode.DocumentInvalid, $"a passphrase of at least {ShortestNewBytes} bytes", "a shorter one");
        }

        if (context.Get(CommonOptions.PassphraseFile) is not null)
        {
            return passphrase;
        }

        using var again = context.Host.Prompt.Secret("The same again");
        if (again is not null && passphrase.FixedTimeEquals(again.Span))
        {
            return passphrase;
        }

        passphrase.Dispose();
        return new Refusal(RefusalCode.DocumentInvalid, "the same passphrase twice", "another");
    }

    /// <summary>Reads a file; one line end at its end is not part of the passphrase.</summary>
    private static Result<SecretBytes> Read(FileInfo file)
    {
        if (!InputFiles.Read(file, LongestBytes).TryGet(out var bytes, out var refusals))
        {
            return refusals;
        }

        var length = bytes switch
        {
            [.., (byte)'\r', (byte)'\n'] => bytes.Length - 2,
            [.., (byte)'\n'] => bytes.Length - 1,
            _ => bytes.Length,
        };
        var passphrase = SecretBytes.Take(bytes.AsSpan(0, length));
        CryptographicOperations.ZeroMemory(bytes);
        if (length > 0)
        {
            return passphrase;
        }

        passphrase.Dispose();
        return new Refusal(RefusalCode.DocumentInvalid, "a passphrase", $"an empty file {file.Name}");
    }

    private static Refusal Nobody() => new(RefusalCode.DocumentInvalid, "--passphrase-file, or a terminal to ask at", "neither");
}
