using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.WindowsVbs;

/// <summary>What the secure kernel says about an enclave. Nothing is known about who signed it.</summary>
/// <remarks>Spec: Windows SDK, ntenclv.h, VBS_ENCLAVE_REPORT, ENCLAVE_IDENTITY, VBS_ENCLAVE_REPORT_MODULE; little endian.</remarks>
internal sealed record VbsReport
{
    private const uint Version = 1;
    private const uint ModuleRecord = 1;
    private const int ModuleHeader = 2 * sizeof(uint);
    private const int ModuleFixed = ModuleHeader + 32 + 32 + 16 + 16 + sizeof(uint);

    /// <summary>Gets the bytes that the enclave chose, 64.</summary>
    public required Bytes EnclaveData { get; init; }

    /// <summary>Gets the id of the owner, 32 bytes, that whoever created the enclave gave.</summary>
    public required Bytes OwnerId { get; init; }

    /// <summary>Gets the digest of the primary module, 32 bytes.</summary>
    public required Bytes UniqueId { get; init; }

    /// <summary>Gets the digest of the key that signed the primary module, 32 bytes.</summary>
    public required Bytes AuthorId { get; init; }

    /// <summary>Gets the family of the primary module, 16 bytes.</summary>
    public required Bytes FamilyId { get; init; }

    /// <summary>Gets the image id of the primary module, 16 bytes.</summary>
    public required Bytes ImageId { get; init; }

    /// <summary>Gets the security version of the primary module.</summary>
    public required int EnclaveSvn { get; init; }

    /// <summary>Gets the security version of the secure kernel.</summary>
    public required int SecureKernelSvn { get; init; }

    /// <summary>Gets the security version of the platform.</summary>
    public required int PlatformSvn { get; init; }

    /// <summary>Gets the flags: 1 and 2 let a debugger in.</summary>
    public required uint Flags { get; init; }

    /// <summary>Gets the level at which the modules had to be signed.</summary>
    public required uint SigningLevel { get; init; }

    /// <summary>Gets the records of the modules in the enclave, as they stand.</summary>
    public required Bytes Modules { get; init; }

    /// <summary>Reads a signed statement. Null for another length, version or kind of record, or reserved bytes that are not zero.</summary>
    public static VbsReport? Parse(ReadOnlySpan<byte> statement)
    {
        var reader = new ByteReader(statement);
        var isKnown = reader.UInt32Little() == statement.Length && reader.UInt32Little() == Version;
        var data = reader.Take(64);
        var (owner, unique, author) = (new Bytes(reader.Take(32)), new Bytes(reader.Take(32)), new Bytes(reader.Take(32)));
        var (family, image) = (new Bytes(reader.Take(16)), new Bytes(reader.Take(16)));
        var (svn, kernel, platform) = (reader.UInt32Little(), reader.UInt32Little(), reader.UInt32Little());
        var (flags, level) = (reader.UInt32Little(), reader.UInt32Little());
        reader.Zeros(sizeof(uint));
        var modules = reader.Take(reader.Remaining);
        return !isKnown || !reader.IsDone || Math.Max(svn, Math.Max(kernel, platform)) > int.MaxValue || !AreModules(modules)
            ? null
            : new VbsReport
            {
                EnclaveData = new Bytes(data),
                OwnerId = owner,
                UniqueId = unique,
                AuthorId = author,
                FamilyId = family,
                ImageId = image,
                EnclaveSvn = (int)svn,
                SecureKernelSvn = (int)kernel,
                PlatformSvn = (int)platform,
                Flags = flags,
                SigningLevel = level,
                Modules = new Bytes(modules),
            };
    }

    private static bool AreModules(ReadOnlySpan<byte> records)
    {
        var reader = new ByteReader(records);
        while (reader.Remaining > 0)
        {
            var (type, size) = (reader.UInt32Little(), reader.UInt32Little());
            reader.Take((long)size - ModuleHeader);
            if (reader.Failed || type != ModuleRecord || size < ModuleFixed || !IsName(records[..reader.Position][^(int)(size - ModuleFixed)..]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A name in UTF-16, a zero, and nothing but zeros up to the record's end.</summary>
    private static bool IsName(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        while (reader.UInt16Little() != 0)
        {
        }

        reader.Zeros(reader.Remaining);
        return reader.IsDone;
    }
}
