from data_collective.cli import run

if __name__ == "__main__":
    run()
