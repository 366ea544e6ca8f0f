using System.Globalization;
using System.Text;

namespace CleanRoom.Protocol.Dsse;

/// <summary>The bytes that are signed: DSSE's pre-authentication encoding.</summary>
public static class Pae
{
    /// <summary>Returns "DSSEv1" SP len(type) SP type SP len(payload) SP payload, lengths in decimal bytes.</summary>
    /// <remarks>Spec: DSSE v1.0.2, protocol.md; contracts/spec/0001 s.5.</remarks>
    public static byte[] Of(string payloadType, ReadOnlySpan<byte> payload)
    {
        var type = Encoding.UTF8.GetBytes(payloadType);
        var head = string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {type.Length} ");
        var middle = string.Create(CultureInfo.InvariantCulture, $" {payload.Length} ");
        return [.. Encoding.ASCII.GetBytes(head), .. type, .. Encoding.ASCII.GetBytes(middle), .. payload];
    }
}
