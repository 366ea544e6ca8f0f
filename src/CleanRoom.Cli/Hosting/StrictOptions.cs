using System.CommandLine;
using System.CommandLine.Parsing;

namespace CleanRoom.Cli.Hosting;

/// <summary>Makes options that take what they name and nothing else; other text is a usage error that says what was wanted.</summary>
internal static class StrictOptions
{
    /// <summary>Makes an option that takes one of the names of an enumeration, in lower case. Its numbers are none of its names.</summary>
    public static Option<T> Name<T>(string option, string description, T missing)
        where T : struct, Enum => new(option)
        {
            Description = description,
            DefaultValueFactory = _ => missing,
            CustomParser = result => result.Tokens is [var token] ? NameOf<T>(result, token.Value) : missing,
        };

    /// <summary>Makes a required option that takes one or more of the names of an enumeration, in lower case.</summary>
    public static Option<T[]> Names<T>(string option, string description)
        where T : struct, Enum => new(option)
        {
            Description = description,
            Required = true,
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result => [.. result.Tokens.Select(token => NameOf<T>(result, token.Value))],
        };

    private static T NameOf<T>(ArgumentResult result, string text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (WordOf(value) == text)
            {
                return value;
            }
        }

        result.AddError($"wanted a name among {string.Join(", ", Enum.GetValues<T>().Select(WordOf))}; got '{CliHost.Plain(text)}'");
        return default;
    }

    private static string WordOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
