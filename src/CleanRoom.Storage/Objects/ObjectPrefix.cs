namespace CleanRoom.Storage.Objects;

/// <summary>What the keys of a store on a server begin with, so that several rooms can share a bucket.</summary>
public static class ObjectPrefix
{
    /// <summary>What one looks like, in words.</summary>
    public const string Form = "1 to 100 ascii letters, digits, '-', '_' and, between others, '/'";

    private const int MaxLength = 100;

    /// <summary>Says whether a text can be one. The empty text can: no prefix.</summary>
    public static bool IsOne(string? text) => text is { Length: <= MaxLength }
        && (text.Length == 0 || text.Split('/').All(step => step.Length > 0 && step.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')));
}
