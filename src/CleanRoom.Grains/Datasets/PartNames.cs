using System.Buffers.Binary;
using System.Text;
using CleanRoom.Protocol;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Datasets;

/// <summary>Names of uploaded parts: by upload and content, so that sending a part again is harmless.</summary>
public static class PartNames
{
    /// <summary>Returns the first 128 bits of SHA-256("cleanroom/v1/part" || 0x00 || upload || 0x00 || digest in hex).</summary>
    public static ObjectName Of(string upload, Digest digest)
    {
        var hash = Digest.Labelled("cleanroom/v1/part", Encoding.ASCII.GetBytes($"{upload}\0{digest}")).ToArray();
        return new ObjectName(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }
}
