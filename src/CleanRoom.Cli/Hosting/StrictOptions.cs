using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CleanRoom.Cli.Hosting;

/// <summary>Makes options that take what they name and nothing else; other text is a usage error that says what was wanted.</summary>
internal static class StrictOptions
{
    private const int MostDays = 36_500;

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
        where T : struct, Enum
    {
        var names = Several<T>(option, description, required: true);
        names.CustomParser = result => [.. result.Tokens.Where(token => !IsOption(token)).Select(token => NameOf<T>(result, token.Value))];
        return names;
    }

    /// <summary>Makes an option that takes all values that follow it. An option that the command does not have is none of them.</summary>
    public static Option<T[]> Several<T>(string option, string description, bool required)
    {
        var several = new Option<T[]>(option) { Description = description, Required = required, AllowMultipleArgumentsPerToken = true };
        several.Validators.Add(result =>
        {
            foreach (var unknown in result.Tokens.Where(IsOption))
            {
                result.AddError($"'{CliHost.Plain(unknown.Value)}' is no option of this command");
            }
        });
        return several;
    }

    /// <summary>Makes an option that takes a whole number of a range, both ends in it.</summary>
    public static Option<int> Number(string option, string description, int missing, int least, int most) => new(option)
    {
        Description = $"{description} {least} to {most}; default {missing}.",
        DefaultValueFactory = _ => missing,
        CustomParser = result =>
        {
            if (result.Tokens is not [var token])
            {
                return missing;
            }

            if (!int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"wanted {option} from {least} to {most}; got '{CliHost.Plain(token.Value)}'");
            }

            return number;
        },
    };

    /// <summary>Makes the option of how many days something lasts: at most a century, so that no date overflows.</summary>
    public static Option<int> Days(string description, int missing) => Number("--days", description, missing, least: 1, MostDays);

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

    /// <summary>A name or number may begin so in no option that takes several; a file of such a name is <c>./-name</c>.</summary>
    private static bool IsOption(Token token) => token.Value.StartsWith('-');

    private static string WordOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
