using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Cli.Hosting;

/// <summary>Reads the files that people name.</summary>
internal static class InputFiles
{
    /// <summary>Reads a file of a limited size.</summary>
    /// <returns>The bytes; or <see cref="RefusalCode.DocumentInvalid"/> when there is no such file or it is a pipe or a device, or <see cref="RefusalCode.DocumentTooLarge"/>.</returns>
    public static Result<byte[]> Read(FileInfo file, long maxBytes)
    {
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (WhyNotRegular(stream) is { } refusal)
            {
                return refusal;
            }

            if (stream.Length > maxBytes)
            {
                return new Refusal(RefusalCode.DocumentTooLarge, $"a file of at most {maxBytes} bytes", $"{stream.Length} in {file.FullName}");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a file that can be read", $"none at {file.FullName}");
        }
    }

    /// <summary>Says why a file that was just opened has no length to go by: it is a pipe, or a device with bytes of its own making.</summary>
    /// <returns>Null, or <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Refusal? WhyNotRegular(FileStream stream)
    {
        if (stream.CanSeek && (stream.Length > 0 || stream.ReadByte() < 0))
        {
            return null;
        }

        return new Refusal(RefusalCode.DocumentInvalid, "a file on a disk, which has a length", $"a pipe or a device at {stream.Name}");
    }

    /// <summary>Reads a contract as a person wrote it and checks it.</summary>
    public static Result<Contract> ReadContract(FileInfo file) => Read(file, DocumentCodec.MaxDocumentBytes)
        .Then(bytes => Named(file, DocumentCodec.FromPerson<Contract>(bytes)))
        .Then<Contract>(contract => ContractRules.Check(contract) is { IsEmpty: false } problems ? problems : contract);

    /// <summary>Reads a signed statement.</summary>
    public static Result<Envelope> ReadEnvelope(FileInfo file) =>
        Read(file, EnvelopeCodec.MaxEnvelopeBytes).Then(bytes => Named(file, EnvelopeCodec.Parse(bytes)));

    /// <summary>Adds the file's name to what is wrong with its content.</summary>
    public static Result<T> Named<T>(FileInfo file, Result<T> result)
        where T : notnull => result.IsAccepted
            ? result
            : System.Collections.Immutable.ImmutableArray.CreateRange(
                result.Refusals, refusal => refusal with { Got = $"{refusal.Got} in {file.Name}" });

    /// <summary>Writes a file that a person asked for; an existing one is not overwritten.</summary>
    public static Refusal? Write(FileInfo file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.CreateNew, FileAccess.Write);
            stream.Write(bytes);
            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a new file in a folder that can be written", $"{file.FullName}{(file.Exists ? ", which exists" : string.Empty)}");
        }
    }
}
