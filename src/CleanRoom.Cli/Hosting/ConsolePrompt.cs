using System.Security.Cryptography;
using System.Text;
using CleanRoom.Cryptography;

namespace CleanRoom.Cli.Hosting;

/// <summary>Asks on standard error and reads from the keyboard; a redirected input is nobody.</summary>
internal sealed class ConsolePrompt : IPrompt
{
    private const int LongestSecret = 1024;

    public string? Line(string question)
    {
        if (Console.IsInputRedirected)
        {
            return null;
        }

        Console.Error.Write($"{question}: ");
        return Console.ReadLine();
    }

    public SecretBytes? Secret(string question)
    {
        if (Console.IsInputRedirected)
        {
            return null;
        }

        Console.Error.Write($"{question}: ");
        var typed = GC.AllocateArray<char>(LongestSecret, pinned: true);
        var length = 0;
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                length = Math.Max(0, length - 1);
            }
            else if (!char.IsControl(key.KeyChar) && length < typed.Length)
            {
                typed[length++] = key.KeyChar;
            }
        }

        Console.Error.WriteLine();
        var bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetMaxByteCount(length), pinned: true);
        var written = Encoding.UTF8.GetBytes(typed.AsSpan(0, length), bytes);
        Array.Clear(typed);
        var secret = SecretBytes.Take(bytes.AsSpan(0, written));
        CryptographicOperations.ZeroMemory(bytes);
        return secret;
    }
}
