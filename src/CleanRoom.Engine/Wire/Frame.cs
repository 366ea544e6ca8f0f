namespace CleanRoom.Engine.Wire;

/// <summary>One message between node and engine.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Header">JSON of the kind's header record, UTF-8.</param>
/// <param name="Payload">Bytes whose meaning the kind gives.</param>
/// <remarks>
/// Bytes: <c>u32be n || u8 kind || u32be h || header (h bytes) || payload (n - 5 - h bytes)</c>. Spec: contracts/spec/0012 s.3.
/// </remarks>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Puts head and body together.</summary>
    /// <param name="head">A head that was checked.</param>
    /// <param name="body">Exactly the announced bytes; the frame keeps them.</param>
    public static Frame Of(FrameHead head, ReadOnlyMemory<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(body.Length, head.BodyBytes);
        return new Frame(head.Kind, body[..head.HeaderBytes], body[head.HeaderBytes..]);
    }
}
