using System.Text;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>A body that an operation should not get.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Bytes">Null for none.</param>
/// <param name="IsWrong">It must be refused; else the description allows it, and it must only not be a fault of the node.</param>
/// <param name="ContentType">The media type.</param>
internal sealed record BadBody(string Name, byte[]? Bytes, bool IsWrong = true, string ContentType = "application/json")
{
    public static BadBody Of(string name, string text, bool isWrong = true) => new(name, Encoding.UTF8.GetBytes(text), isWrong);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Bytes?.Length} bytes, {ContentType})";
}
