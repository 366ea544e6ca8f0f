using System.Text;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>UEFI_VARIABLE_DATA: what an event of a variable is about. Spec: TCG PC Client Platform Firmware Profile s.10.4.</summary>
/// <param name="Owner">EFI_GUID as it stands in the event.</param>
/// <param name="Name">The variable's name.</param>
/// <param name="Value">The variable's content.</param>
internal sealed record UefiVariable(Guid Owner, string Name, Bytes Value)
{
    /// <summary>EFI_GLOBAL_VARIABLE: owner of SecureBoot, PK and KEK.</summary>
    public static readonly Guid Global = new("8be4df61-93ca-11d2-aa0d-00e098032b8c");

    /// <summary>EFI_IMAGE_SECURITY_DATABASE_GUID: owner of db and dbx.</summary>
    public static readonly Guid ImageSecurity = new("d719b2cb-3d3a-4596-a3bc-dad00e67656f");

    private const int GuidBytes = 16;
    private const int MaxNameChars = 256;

    /// <summary>Reads it; null for another form or trailing bytes.</summary>
    public static UefiVariable? Parse(ReadOnlySpan<byte> data)
    {
        var reader = new ByteReader(data);
        var owner = reader.Take(GuidBytes);
        var chars = reader.UInt64Little();
        var bytes = reader.UInt64Little();
        if (reader.Failed || chars > MaxNameChars || bytes > int.MaxValue)
        {
            return null;
        }

        var name = Encoding.Unicode.GetString(reader.Take((long)chars * sizeof(char)));
        var value = new Bytes(reader.Take((long)bytes));
        return reader.IsDone ? new UefiVariable(new Guid(owner), name, value) : null;
    }
}
