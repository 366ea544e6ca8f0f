using System.Text.Json;

namespace CleanRoom.Protocol.Json;

/// <summary>Carries what a converter wanted out of the serializer; never leaves <see cref="Documents.DocumentCodec"/>.</summary>
internal sealed class MemberFormatException(string wanted) : JsonException($"wanted {wanted}")
{
    /// <summary>Gets the form that was wanted, lower case.</summary>
    public string Wanted { get; } = wanted;
}
